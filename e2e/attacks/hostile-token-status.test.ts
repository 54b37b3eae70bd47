import { expect, test } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import { encode, type Mutation, MUTATIONS, type Pairs, postRaw, problemOfRefusal, spoiled } from '../lib/hostile.ts'
import { type App, launchApp, registerApp, type TokenResponse } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const world = addresses()
const introspection = `${world.issuer(OUS)}/introspect`
const revocation = `${world.issuer(OUS)}/revoke`

type Held = { readonly app: App; readonly tokens: TokenResponse; readonly bearer: Readonly<Record<string, string>> }

async function held(): Promise<Held> {
  const app = await registerApp(world, OUS, SCOPE)
  const tokens = await launchApp(world, app, { tenant: OUS })
  return { app, tokens, bearer: { ...FORM, authorization: `Bearer ${tokens.access_token}` } }
}

/** Whether the token is as alive as it was: nothing hostile ended it. */
async function isAlive({ tokens, bearer }: Held): Promise<boolean> {
  const answer = await postRaw(introspection, encode([['token', tokens.access_token]]), bearer)
  return answer.status === 200 && answer.text.includes('"active":true')
}

const MALFORMED: readonly Mutation[] = ['missing', 'empty', 'doubled', 'of another shape']

test.describe('hostile introspection', () => {
  test('a token that is missing, doubled, garbled or too long is a bad request or not active, and tells nothing else', async () => {
    const own = await held()
    const form: Pairs = [['token', own.tokens.access_token]]
    const problems: string[] = []
    for (const mutation of MUTATIONS) {
      const answer = await postRaw(introspection, spoiled(form, 'token', mutation), own.bearer)
      const problem = mutation.endsWith('kB')
        ? problemOfRefusal(answer, 'too large')
        : MALFORMED.includes(mutation)
          ? problemOfRefusal(answer, { codes: ['invalid_request'] })
          : answer.text === '{"active":false}' && answer.status === 200
            ? undefined
            : `${answer.status}, more than inactive`
      if (problem !== undefined) problems.push(`${mutation}: ${problem}`)
    }
    expect(problems).toEqual([])
    expect(await isAlive(own)).toBe(true)
  })

  test('another app, another trust, a garbled caller and none at all learn nothing', async () => {
    const [own, other] = [await held(), await held()]
    const form = encode([['token', own.tokens.access_token]])
    const told = await postRaw(introspection, form, other.bearer)
    expect([told.status, told.text]).toEqual([200, '{"active":false}'])
    // Who proves to be nobody is 401 (RFC 6750 §3.1); a header that is no proof of anything is malformed.
    for (const [authorization, status] of [
      ['', 401],
      ['Bearer', 400],
      ['Bearer  ', 400],
      [`Bearer ${own.tokens.access_token}x`, 401],
      [`Bearer ${own.tokens.access_token},${own.tokens.access_token}`, 401],
      [`Bearer ${own.tokens.id_token ?? ''}`, 401],
      [`Bearer ${own.tokens.refresh_token ?? ''}`, 401],
      [`Bearer ${'x'.repeat(8000)}`, 401],
      ['Basic !!!', 400],
      [`Basic ${btoa(own.app.clientId)}`, 400],
      [`Basic ${btoa(`${own.app.clientId}:`)}`, 400],
      [`Basic ${btoa('%ff%00:%')}`, 400],
      [`DPoP ${own.tokens.access_token}`, 400],
    ] as const) {
      const answer = await postRaw(introspection, form, { ...FORM, ...(authorization === '' ? {} : { authorization }) })
      const seen = [authorization.slice(0, 20), answer.status, answer.text.includes('"active":true')]
      expect(seen).toEqual([authorization.slice(0, 20), status, false])
    }
    expect((await postRaw(`${world.issuer(AHUS)}/introspect`, form, own.bearer)).status).toBe(401)
    expect(await isAlive(own)).toBe(true)
  })

  test('another content type and another method are refused', async () => {
    const own = await held()
    for (const type of ['application/json', 'text/plain']) {
      const body = encode([['token', own.tokens.access_token]])
      const answer = await postRaw(introspection, body, { ...own.bearer, 'content-type': type })
      expect([type, [400, 415].includes(answer.status)]).toEqual([type, true])
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
      expect((await fetch(introspection, { method, headers: own.bearer })).status).toBe(405)
  })
})

test.describe('hostile revocation', () => {
  test('each parameter missing, doubled, garbled or too long ends nothing', async () => {
    const own = await held()
    const form: Pairs = [
      ['token', own.tokens.refresh_token ?? ''],
      ['client_id', own.app.clientId],
    ]
    const problems: string[] = []
    for (const [name] of form)
      for (const mutation of MUTATIONS) {
        const answer = await postRaw(revocation, spoiled(form, name, mutation))
        // An unknown token is as good as revoked (RFC 7009 §2.2); who asks must still be known.
        const unknown = name === 'token' && !MALFORMED.includes(mutation) && answer.status === 200 && answer.text === ''
        const problem = mutation.endsWith('kB')
          ? problemOfRefusal(answer, 'too large')
          : unknown
            ? undefined
            : problemOfRefusal(answer, {
                codes: MALFORMED.includes(mutation) ? ['invalid_request'] : ['invalid_client'],
              })
        if (problem !== undefined) problems.push(`${name} ${mutation}: ${problem}`)
      }
    expect(problems).toEqual([])
    expect(await isAlive(own)).toBe(true)
  })

  test('another app, another trust, another content type and another method end nothing', async () => {
    const [own, other] = [await held(), await held()]
    const form = (clientId: string) =>
      encode([
        ['token', own.tokens.refresh_token ?? ''],
        ['client_id', clientId],
      ])
    const foreign = await postRaw(revocation, form(other.app.clientId))
    // RFC 7009 §2.2: as if it had been ended, so that nobody learns whose token it is.
    expect([foreign.status, foreign.text]).toEqual([200, ''])
    expect((await postRaw(`${world.issuer(AHUS)}/revoke`, form(own.app.clientId))).status).toBe(401)
    for (const type of ['application/json', 'text/plain'])
      expect((await postRaw(revocation, form(own.app.clientId), { 'content-type': type })).status).toBe(400)
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
      expect((await fetch(`${revocation}?${form(own.app.clientId)}`, { method })).status).toBe(405)
    expect(await isAlive(own)).toBe(true)
    expect((await postRaw(revocation, form(own.app.clientId))).status).toBe(200)
    expect(await isAlive(own)).toBe(false)
  })
})
