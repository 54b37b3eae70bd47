import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AuditRecord } from '@uthopp/audit/record'
import { sql } from '@uthopp/storage/sql'
import { createShownPatients } from '#src/interaction/shown-patients.ts'
import { logged } from '#test/audit/support.ts'
import { Browser, type BrowserAnswer } from '#test/support/browser.ts'
import { openPage, signIn, standalone, submit, submitAndFollow, valuesOf } from '#test/support/standalone.ts'
import { PASSWORD } from '#test/support/stub-host.ts'
import { apiToken, startWorld, type World } from '#test/support/world.ts'

const correlationOf = (answer: BrowserAnswer): string => answer.headers.get('x-correlation-id') ?? ''

/** norway.md 5.1.3, 5.3: whose name was shown to whom stands in that patient's log. */
describe('patients whom the pages of a standalone launch name', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const looksIn = async (...answers: readonly BrowserAnswer[]): Promise<readonly AuditRecord[]> => {
    const ids = new Set(answers.map((answer) => correlationOf(answer)))
    const isHere = ({ activity, correlationId }: AuditRecord) => activity === 'fhir-access' && ids.has(correlationId)
    // The log keeps the order of deeds: once this reading of it has travelled there, what came before has too.
    const authorization = `Bearer ${await apiToken(world, 'host', '__audit.read')}`
    const mark = await fetch(`${world.issuer()}/audit/patient/cdp1099`, { headers: { authorization } })
    const marked = mark.headers.get('x-correlation-id')
    return (await logged(world, (all) => all.some((record) => record.correlationId === marked))).filter(isHere)
  }

  test('have a line each, of who was shown them, through which app and where', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world).url)
    const picker = await signIn(browser, address)
    assert.deepEqual(valuesOf(picker, 'patient'), ['cdp1001', 'cdp1002'])
    const told = await looksIn(picker)
    assert.deepEqual(
      told.map(({ patient, actor, clientId, source, what, detail }) => [
        patient,
        actor.kind,
        actor.id,
        clientId,
        source,
        what?.type,
        detail['place'],
      ]),
      ['cdp1001', 'cdp1002'].map((patient) => [
        patient,
        'clinician',
        'stf101',
        'pacs-viewer',
        'auth-server',
        'Patient',
        'picker',
      ]),
    )
  })

  test('are told once an interaction, however often its pages are shown, and anew in the next', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
    const first = await signIn(browser, address)
    const again = [
      await browser.navigate(address),
      await submit(browser, address, { search: 'berg', action: 'search' }),
      await submitAndFollow(browser, address, { patient: 'cdp1001' }),
    ]
    assert.match(again.at(-1)?.body ?? '', /Kari Berg/)
    assert.equal((await looksIn(first)).length, 2)
    assert.deepEqual(await looksIn(...again), [])
    const next = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
    assert.equal((await looksIn(next.page)).length, 2)
  })

  test('a search tells of those it finds, and of nobody where it finds nobody', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
    await submit(browser, address, { username: 'stf101', password: PASSWORD })
    const nobody = await submit(browser, address, { search: 'nobody', action: 'search' })
    const found = await submit(browser, address, { search: 'berg', action: 'search' })
    assert.equal(nobody.status, 200)
    assert.deepEqual(await looksIn(nobody), [])
    assert.deepEqual(
      (await looksIn(found)).map(({ patient }) => patient),
      valuesOf(found, 'patient'),
    )
  })

  test('are shown to nobody while it cannot be written down', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
    await submit(browser, address, { username: 'stf101', password: PASSWORD })
    await world.db.acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
    const refused = await browser.navigate(address)
    await world.db.acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
    assert.equal(refused.status, 500)
    assert.doesNotMatch(refused.body, /Berg/)
    const shown = await browser.navigate(address)
    assert.equal((await looksIn(shown)).length, valuesOf(shown, 'patient').length)
  })

  test('citizens are shown themselves, which is no look', async () => {
    const records: AuditRecord[] = []
    const tell = createShownPatients({
      trail: { note: (...noted) => void records.push(...noted), settle: () => Promise.resolve() },
      tenant: '993467049',
      now: () => new Date(),
    })
    const page = {
      interaction: 'i',
      clientId: 'app',
      correlationId: 'c',
      type: 'Patient',
      patients: ['cdp1001'],
    } as const
    await tell({ ...page, person: { id: 'cdp1001', kind: 'citizen', name: 'Kari', roles: [] } })
    assert.equal(records.length, 0)
    await tell({
      ...page,
      person: { id: 'stf101', kind: 'staff', name: 'Eva', roles: [{ id: 'agb101', name: 'Lege' }] },
    })
    assert.deepEqual(
      records.map(({ patient, actor }) => [patient, actor.role]),
      [['cdp1001', 'agb101']],
    )
  })
})
