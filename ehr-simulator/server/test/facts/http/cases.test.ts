import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AHUS, OUS } from '../../http/host-world.ts'
import { audience, startFactsWorld } from './facts-world.ts'

const facts = await startFactsWorld()
after(() => facts.world.close())
const templatesOf = async (user: string, role: string, patient: string, orgnr = OUS) =>
  ((await facts.patientsFor(user, role, [patient], orgnr))[0]?.decisions ?? []).map(({ template }) => template)

describe('who may ask for facts', () => {
  test('nobody without a token, with another scope or audience, of another trust, or that only may write', async () => {
    const { forge, deployment, address } = facts.world
    const { auth, gateway, launcher } = deployment.addresses
    const scope = '__facts.read'
    const here = audience(facts.world)
    const hostile = [
      null,
      await facts.reader(AHUS),
      await facts.writer(),
      await forge({ issuer: gateway, audience: here }),
      await forge({ issuer: gateway, audience: `${address}/${OUS}/directory`, scope }),
      await forge({ issuer: gateway, audience: here, scope: '__facts.reads' }),
      await forge({ issuer: `${auth}/${AHUS}`, audience: here, scope }),
      await forge({ issuer: launcher, audience: here, scope: '__directory' }),
      await forge({ issuer: 'http://127.0.0.1:9/stranger', audience: here, scope }),
    ]
    for (const as of hostile) {
      assert.equal((await facts.ask({ user: 'stf101' }, { as })).status, 401)
      assert.equal((await facts.read('/blocks?patient=cdp1007', { as })).status, 401)
      assert.equal((await facts.read('/changes', { as })).status, 401)
    }
  })

  test('the authorization server of the trust and the gateway may', async () => {
    const { forge, deployment } = facts.world
    for (const issuer of [`${deployment.addresses.auth}/${OUS}`, deployment.addresses.gateway]) {
      const as = await forge({ issuer, audience: audience(facts.world), scope: '__facts.read' })
      assert.equal((await facts.ask({ user: 'stf101' }, { as })).status, 200)
    }
  })

  test('a trust that is not here has no facts', async () => {
    assert.equal((await facts.ask({ user: 'stf101' }, { orgnr: '999999999' })).status, 404)
  })
})

describe('the facts of a case', () => {
  test('tell of the person what policy needs, and no name, number or password', async () => {
    const { body } = await facts.ask({ user: 'stf101', role: 'agb101' })
    assert.deepEqual(body['user'], {
      id: 'stf101',
      kind: 'clinician',
      employed: true,
      licence: { active: true, profession: 'LE' },
      role: {
        id: 'agb101',
        kind: 'physician',
        acute: true,
        unit: 'lok101',
        units: ['lok101'],
        department: 'afa101',
        organization: 'aks101',
      },
    })
    assert.deepEqual(body['patients'], [])
    const all = await facts.ask({ user: 'stf101', role: 'agb101', patients: ['cdp1004'] })
    assert.equal(/Nordmann|Hansen|24895949457|04857949078|999000101/.test(JSON.stringify(all.body)), false)
  })

  test('a role the person does not hold is none, and gives no decision', async () => {
    for (const role of ['agb102', 'agb201', 'nobody']) {
      const { body } = await facts.ask({ user: 'stf101', role, patients: ['cdp1004', 'cdp1001'] })
      assert.equal((body['user'] as { role: unknown }).role, null, role) // as described
      const patients = body['patients'] as readonly { decisions: readonly unknown[] }[] // as described
      assert.deepEqual(
        patients.map(({ decisions }) => decisions.length),
        [0, 0],
      )
    }
  })

  test('a role left out is the only one, or none of several', async () => {
    const roleOf = async (user: string) => {
      const { body } = await facts.ask({ user })
      return (body['user'] as { role: { id: string } | null }).role?.id // as described
    }
    assert.equal(await roleOf('stf101'), 'agb101')
    assert.equal(await roleOf('stf102'), undefined)
    assert.equal(await roleOf('cdp1004'), undefined)
  })

  test('the kitchen needs no licence and has none', async () => {
    const { body } = await facts.ask({ user: 'stf107', role: 'agb107' })
    assert.equal((body['user'] as { licence: unknown }).licence, null) // as described
  })

  test('behind a service stands nobody: blocks and contacts are told, decisions are nobody’s', async () => {
    const { status, body } = await facts.ask({ user: null, patients: ['cdp1007'] })
    assert.equal(status, 200)
    assert.equal(body['user'], null)
    const [patient] = body['patients'] as readonly { decisions: unknown[]; blocks: unknown[]; in_care_team: boolean }[] // as described
    assert.equal(patient?.decisions.length, 0)
    assert.equal(patient?.blocks.length, 4)
    assert.equal(patient?.in_care_team, false)
  })

  test('a patient of the other trust, or of nobody, is left out', async () => {
    const found = await facts.patientsFor('stf101', 'agb101', ['cdp1004', 'cdp2001', 'nobody', 'cdp1004'])
    assert.deepEqual(
      found.map(({ patient }) => patient),
      ['cdp1004'],
    )
    assert.deepEqual(
      (await facts.patientsFor('stf201', 'agb201', ['cdp1004', 'cdp2001'], AHUS)).map(({ patient }) => patient),
      ['cdp2001'],
    )
  })

  test('a citizen has their own record, and no other', async () => {
    const { body } = await facts.ask({ user: 'cdp1004', patients: ['cdp1004', 'cdp1001'] })
    const patients = body['patients'] as readonly { patient: string; self: boolean; decisions: unknown[] }[] // as described
    assert.deepEqual(
      patients.map(({ patient, self, decisions }) => [patient, self, decisions.length]),
      [
        ['cdp1004', true, 0],
        ['cdp1001', false, 0],
      ],
    )
  })

  test('what the patient has blocked is told, document and bytes', async () => {
    const [eide] = await facts.patientsFor('stf101', 'agb101', ['cdp1007'])
    assert.equal(eide?.blocks.length, 4)
    assert.ok(eide.blocks.every(({ kind }) => kind === 'document'))
    assert.deepEqual([...new Set(eide.blocks.map(({ target }) => target.replace(/\/.*/, '')))].toSorted(), [
      'Binary',
      'DocumentReference',
    ])
  })
})

describe('decisions of the seeded world', () => {
  test('everybody has the decisions of their own work, and nobody another’s', async () => {
    const expected: readonly (readonly [user: string, role: string, patient: string, templates: readonly string[]])[] =
      [
        ['stf101', 'agb101', 'cdp1004', ['BELEGG']],
        ['stf101', 'agb101', 'cdp1008', ['BELEGG']],
        ['stf101', 'agb101', 'cdp1002', ['MELDT']],
        ['stf101', 'agb101', 'cdp1003', ['MELDT']],
        ['stf101', 'agb101', 'cdp1001', []],
        ['stf102', 'agb102', 'cdp1001', ['BELEGG']],
        ['stf102', 'agb102', 'cdp1007', ['BELEGG']],
        ['stf102', 'agb102', 'cdp1004', []],
        ['stf102', 'agb112', 'cdp1004', ['BELEGG']],
        ['stf102', 'agb112', 'cdp1001', []],
        ['stf103', 'agb103', 'cdp1001', ['HENVISNING']],
        ['stf103', 'agb103', 'cdp1005', ['HENVISNING']],
        ['stf103', 'agb103', 'cdp1006', ['HENVISNING']],
        ['stf103', 'agb103', 'cdp1004', []],
        ['stf104', 'agb104', 'cdp1004', ['HENVISNING']],
        ['stf104', 'agb104', 'cdp1003', ['HENVISNING']],
        ['stf105', 'agb105', 'cdp1006', ['POLBESOK']],
        ['stf105', 'agb105', 'cdp1005', ['BELEGG']],
        ['stf106', 'agb106', 'cdp1002', ['MELDT']],
        ['stf106', 'agb106', 'cdp1004', []],
        ['stf107', 'agb107', 'cdp1001', ['ARBFLYT']],
        ['stf107', 'agb107', 'cdp1007', ['ARBFLYT']],
        ['stf107', 'agb107', 'cdp1004', []],
        ['stf108', 'agb108', 'cdp1001', ['BELEGG']],
        ['stf109', 'agb109', 'cdp1004', ['PASADM']],
        ['stf109', 'agb109', 'cdp1001', []],
      ]
    for (const [user, role, patient, templates] of expected) {
      assert.deepEqual(await templatesOf(user, role, patient), templates, `${user} ${role} ${patient}`)
    }
    for (const patient of ['cdp2001', 'cdp2003']) {
      assert.deepEqual(await templatesOf('stf201', 'agb201', patient, AHUS), ['BELEGG'])
      assert.deepEqual(await templatesOf('stf202', 'agb202', patient, AHUS), ['BELEGG'])
    }
    assert.deepEqual(await templatesOf('stf201', 'agb201', 'cdp2004', AHUS), ['MELDT'])
    assert.deepEqual(await templatesOf('stf204', 'agb204', 'cdp2003', AHUS), ['HENVISNING'])
  })

  test('the kitchen sees trays, beds and allergies; administration sees no care; both on administrative grounds', async () => {
    const [kitchen] = (await facts.patientsFor('stf107', 'agb107', ['cdp1001']))[0]?.decisions ?? []
    assert.equal(kitchen?.purpose, 'COC')
    for (const type of ['NutritionOrder', 'AllergyIntolerance', 'Patient', 'Location'])
      assert.ok(kitchen.elements.includes(type))
    for (const type of ['*', 'Condition', 'Observation', 'DocumentReference'])
      assert.ok(!kitchen.elements.includes(type))
    const [office] = (await facts.patientsFor('stf109', 'agb109', ['cdp1004']))[0]?.decisions ?? []
    assert.equal(office?.purpose, 'COC')
    assert.ok(office.elements.includes('Appointment'))
    for (const type of ['*', 'Observation', 'DocumentReference', 'MedicationRequest'])
      assert.ok(!office.elements.includes(type))
  })

  test('care teams are those of the charts', async () => {
    const teams = async (user: string, role: string, patients: readonly string[]) =>
      (await facts.patientsFor(user, role, patients)).map(({ in_care_team: member }) => member)
    assert.deepEqual(await teams('stf103', 'agb103', ['cdp1001', 'cdp1005', 'cdp1006', 'cdp1004']), [
      true,
      true,
      true,
      false,
    ])
    assert.deepEqual(await teams('stf107', 'agb107', ['cdp1001']), [false])
  })
})

describe('a question that is not one', () => {
  test('is refused by the name of what is wrong, and nothing is answered', async () => {
    const wrong: readonly (readonly [unknown, number, string])[] = [
      ['[]', 400, 'invalid_request'],
      ['{', 400, 'invalid_request'],
      [{}, 400, 'invalid_request'],
      [{ user: 1 }, 400, 'invalid_request'],
      [{ user: '' }, 400, 'invalid_request'],
      [{ user: 'stf101', role: 7 }, 400, 'invalid_request'],
      [{ user: 'stf101', patients: 'cdp1004' }, 400, 'invalid_request'],
      [{ user: 'stf101', patients: ['..'] }, 400, 'invalid_request'],
      [{ user: 'stf101', patients: ["' or 1=1 --"] }, 400, 'invalid_request'],
      [{ user: 'stf101', patients: [null] }, 400, 'invalid_request'],
      [{ user: 'stf101', patients: Array.from({ length: 201 }, (_, at) => `cdp${at}`) }, 400, 'invalid_request'],
      [{ user: 'stf101', purpose: 'TREAT' }, 400, 'invalid_request'],
      [{ user: 'stf201' }, 404, 'unknown_user'],
      [{ user: 'nobody' }, 404, 'unknown_user'],
      [{ user: 'x'.repeat(70_000) }, 413, 'payload_too_large'],
    ]
    for (const [body, status, code] of wrong) {
      const answer = await facts.ask(body)
      assert.deepEqual([answer.status, answer.body['error']], [status, code], JSON.stringify(body).slice(0, 80))
    }
  })

  test('two hundred patients are answered within the time anybody waits for facts', async () => {
    const patients = ['cdp1001', 'cdp1002', ...Array.from({ length: 198 }, (_, at) => `x${at}`)]
    const began = performance.now()
    assert.equal((await facts.patientsFor('stf101', 'agb101', patients)).length, 2)
    assert.ok(performance.now() - began < 300)
  })
})
