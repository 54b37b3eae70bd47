import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { postRaw, problemOfRefusal, WRONG_VALUES } from '../lib/hostile.ts'
import { launchApp, registerApp } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r'
const JSON_TYPE = { 'content-type': 'application/json' }
const world = addresses()
const doors = ['launches', 'launches/end'].map((path) => `${world.issuer(OUS)}/${path}`)

test.describe('a hostile offer of a launch', () => {
  test('without the host’s own token nothing is offered, ended or listed, whatever the body', async () => {
    const app = await registerApp(world, OUS, SCOPE)
    const tokens = await launchApp(world, app, { tenant: OUS })
    const problems: string[] = []
    for (const authorization of [
      undefined,
      'Bearer',
      'Bearer x',
      `Bearer ${'x'.repeat(8000)}`,
      'Basic eDp5',
      `Bearer ${tokens.access_token}`,
      `Bearer ${tokens.id_token ?? ''}`,
      `Bearer ${tokens.refresh_token ?? ''}`,
    ])
      for (const door of doors)
        for (const body of ['', '{', '{}', JSON.stringify({ client_id: app.clientId, session: 's', user: 'stf101' })]) {
          const headers = { ...JSON_TYPE, ...(authorization === undefined ? {} : { authorization }) }
          const answer = await postRaw(door, body, headers)
          const problem = problemOfRefusal(answer, { codes: ['invalid_token'] })
          const challenged =
            answer.status === 401 && answer.headers.get('www-authenticate')?.startsWith('Bearer') === true
          if (problem !== undefined || !challenged)
            problems.push(`${authorization?.slice(0, 12)}: ${answer.status} ${problem}`)
        }
    expect(problems).toEqual([])
    const listed = await fetch(`${world.issuer(OUS)}/launches/apps`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(listed.status).toBe(401)
    for (const door of doors)
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
        expect([method, (await fetch(door, { method })).status]).toEqual([method, 405])
  })

  test('each member of every wrong kind is refused by name through the launcher, and a good launch still works', async () => {
    const app = await registerApp(world, OUS, SCOPE)
    const offers = `${world.launcher}/api/launches`
    const good = { tenant: OUS, client_id: app.clientId }
    // `patient: null` is a launch without a patient (contracts §3), an empty context is none, and an intent is the app’s own word.
    const meant = new Set([
      'patient: null',
      'fhirContext: null',
      'fhirContext: an empty list',
      'intent: a text that is not ASCII',
      'bound: a truth',
    ])
    const problems: string[] = []
    for (const name of [
      'tenant',
      'client_id',
      'user',
      'role',
      'patient',
      'encounter',
      'fhirContext',
      'intent',
      'bound',
      'unknown_member',
    ])
      for (const [what, value] of WRONG_VALUES) {
        if (meant.has(`${name}: ${what}`)) continue
        const answer = await postRaw(offers, JSON.stringify({ ...good, [name]: value }), JSON_TYPE)
        const problem = problemOfRefusal(answer, { codes: ['invalid_request', 'not_found'] })
        if (problem !== undefined) problems.push(`${name}: ${what}: ${problem}`)
      }
    for (const missing of ['tenant', 'client_id']) {
      const answer = await postRaw(offers, JSON.stringify({ ...good, [missing]: undefined }), JSON_TYPE)
      const problem = problemOfRefusal(answer, { codes: ['invalid_request'] })
      if (problem !== undefined) problems.push(`${missing} missing: ${problem}`)
    }
    expect(problems).toEqual([])
    expect((await postRaw(offers, JSON.stringify(good), { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await postRaw(offers, JSON.stringify({ ...good, intent: 'x'.repeat(70_000) }), JSON_TYPE)).status).toBe(413)
    expect((await launchApp(world, app, { tenant: OUS })).patient).toBeTruthy()
  })
})
