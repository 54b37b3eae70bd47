import { generateKeyPair, SignJWT, decodeJwt, exportJWK } from 'jose'
import { expect, test } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import { fhir, launchApp, registerApp, type Json, type TokenResponse } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser patient/Patient.r patient/Observation.rs patient/Encounter.rs'
const HANSEN = 'cdp1004'
const LIEN = 'cdp1002'
const world = addresses()

let tokens: TokenResponse
test.beforeAll(async () => {
  tokens = await launchApp(world, await registerApp(world, OUS, SCOPE), { tenant: OUS, patient: HANSEN })
})

const ask = (path: string, init?: RequestInit, token: string | undefined = tokens.access_token) =>
  fhir(world, OUS, token, path, init)
const entriesOf = (bundle: Json) => (bundle['entry'] ?? []) as readonly { resource: Json }[]
const patientOf = (resource: Json) =>
  resource['resourceType'] === 'Patient'
    ? `Patient/${String(resource['id'])}`
    : (resource['subject'] as Json | undefined)?.['reference']

test.describe('another patient', () => {
  test('by id is answered byte for byte like an unknown id', async () => {
    const [other, unknown] = await Promise.all([ask(`Patient/${LIEN}`), ask('Patient/cdp9999')])
    expect(other.status).toBe(404)
    expect(other.text.replaceAll(LIEN, '')).toBe(unknown.text.replaceAll('cdp9999', ''))
    expect([...other.headers.keys()].sort()).toEqual([...unknown.headers.keys()].sort())
  })

  test('by search is refused', async () => {
    for (const query of [
      `patient=${LIEN}`,
      `subject=Patient/${LIEN}`,
      `subject:Patient=${LIEN}`,
      `patient=${HANSEN},${LIEN}`,
      `patient=${HANSEN}&patient=${LIEN}`,
    ]) {
      expect((await ask(`Observation?${query}`)).status, query).toBe(403)
    }
    expect((await ask(`Patient/${LIEN}/Observation`)).status).toBe(403)
  })

  test('does not come along by _include, _revinclude or a chain', async () => {
    for (const query of [
      'Observation?_include=Observation:subject',
      'Encounter?_revinclude=Observation:encounter',
      'Observation?_count=200',
    ]) {
      const answer = await ask(query)
      expect(answer.status, query).toBe(200)
      const about = entriesOf(answer.json).map(({ resource }) => patientOf(resource) ?? `Patient/${HANSEN}`)
      expect(about.length, query).toBeGreaterThan(0)
      expect(new Set(about), query).toEqual(new Set([`Patient/${HANSEN}`]))
    }
    // A chain into the own patient is a question like any other; nobody else's answer comes with it.
    const own = await ask('Observation?subject:Patient.name=hansen&_count=5')
    expect(own.status).toBe(200)
    expect(entriesOf(own.json)).toHaveLength(5)
    for (const query of ['Observation?subject:Patient.name=lien', 'Observation?patient.identifier=03905149376']) {
      const answer = await ask(query)
      expect([answer.status, entriesOf(answer.json)], query).toEqual([200, []])
    }
    // What asks about the chart's edges, or for everything at once, is refused outright.
    for (const query of [
      'Observation?_include=*',
      'Patient?_has:Observation:patient:code=8867-4',
      'Observation?_list=1',
      'Observation?_content=lien',
    ]) {
      expect((await ask(query)).status, query).toBe(403)
    }
  })

  test('does not come along in a batch', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: `Patient/${LIEN}` } },
        { request: { method: 'GET', url: `Observation?patient=${LIEN}` } },
        { request: { method: 'GET', url: `Patient/${HANSEN}` } },
      ],
    }
    const answer = await ask('', {
      method: 'POST',
      body: JSON.stringify(bundle),
      headers: { 'content-type': 'application/fhir+json' },
    })
    const statuses = ((answer.json['entry'] ?? []) as readonly { response: Json }[]).map(
      ({ response }) => response['status'],
    )
    expect(statuses).toEqual(['404', '403', '200'])
    expect(answer.text).not.toContain('LIEN')
    expect(answer.text).not.toContain('Harald')
    expect(answer.text).not.toContain(`Patient/${LIEN}"`)
  })
})

test.describe('scopes', () => {
  test('a write with a read scope is refused before anything is looked up', async () => {
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'forsøk' },
      subject: { reference: `Patient/${HANSEN}` },
    }
    const init = {
      method: 'POST',
      body: JSON.stringify(observation),
      headers: { 'content-type': 'application/fhir+json' },
    }
    const answer = await ask('Observation', init)
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toContain('insufficient_scope')
    expect((await ask('Observation/nothing', { ...init, method: 'PUT' })).status).toBe(403)
    expect((await ask('Observation/nothing', { method: 'DELETE' })).status).toBe(403)
  })

  test('a type without scope is refused, existing or not', async () => {
    for (const path of ['Condition?patient=cdp1004', 'Condition/nothing', 'DocumentReference', 'AuditEvent'])
      expect((await ask(path)).status, path).toBe(403)
  })

  test('unknown operations and interactions are refused', async () => {
    for (const path of [`Patient/${HANSEN}/$everything`, '$export', 'Patient/$match', '$graphql'])
      expect((await ask(path)).status, path).toBe(403)
  })
})

test.describe('tokens', () => {
  test('none, forged, altered and mistyped tokens are 401', async () => {
    const none = await fhir(world, OUS, undefined, `Patient/${HANSEN}`)
    expect(none.status).toBe(401)
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(none.headers.get('www-authenticate')).not.toContain('error=')

    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const claims = decodeJwt(tokens.access_token)
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', jwk: await exportJWK(publicKey) })
      .sign(privateKey)
    const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${tokens.access_token.split('.')[1] ?? ''}.`
    const altered = tokens.access_token.replace(
      /\.[^.]+\./,
      `.${Buffer.from(JSON.stringify({ ...claims, patient: LIEN })).toString('base64url')}.`,
    )
    for (const token of [forged, unsigned, altered, tokens.id_token ?? '', 'nonsense']) {
      const answer = await ask(`Patient/${HANSEN}`, {}, token)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
    }
  })

  test('a token of one trust is nothing at the other', async () => {
    expect((await fhir(world, AHUS, tokens.access_token, `Patient/${HANSEN}`)).status).toBe(401)
  })

  test('the store itself answers nobody without the gateway’s service token', async () => {
    for (const headers of [{}, { authorization: `Bearer ${tokens.access_token}` }]) {
      const answer = await fetch(`${world.host}/${OUS}/fhir/Patient/${HANSEN}`, { headers })
      expect(answer.status).toBe(401)
    }
  })
})
