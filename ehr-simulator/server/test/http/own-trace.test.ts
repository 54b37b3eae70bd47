import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import { sql } from '@uthopp/storage/sql'
import { OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())
const { auth, gateway } = world.deployment.addresses

const FOREIGN = '0af7651916cd43dd8448eb211c80319c'
const heardAs = (answer: Response) => answer.headers.get('x-correlation-id')

type Init = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

/** Asks a door in the course of a trace that is the caller's. */
const ask = (path: string, { headers = {}, ...init }: Init = {}) =>
  fetch(`${world.address}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { traceparent: `00-${FOREIGN}-b7ad6b7169203331-01`, ...headers },
  })

const posted = (body: object, headers: Readonly<Record<string, string>> = {}): Init => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', origin: world.address, ...headers },
  body: JSON.stringify(body),
})

async function signedIn(door: 'api' | 'innbygger/api', username: string): Promise<Response> {
  const answer = await ask(`/${OUS}/${door}/session`, posted({ username, password: 'uthopp-demo' }))
  assert.equal(answer.status, 201)
  return answer
}
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

async function correlationsInLog(): Promise<readonly string[]> {
  const rows = await world.database.acrossTenants.all<{ record: string }>(sql`select record from audit_outbox`)
  return rows.map(({ record }) => {
    const read = parseRecord(JSON.parse(record))
    if (isProblem(read)) throw new Error(read.reason)
    return read.correlationId
  })
}

describe('a correlation id is of the host’s own choosing', () => {
  test('at every door a browser reaches, whatever trace it brings', async () => {
    for (const path of [
      '/openapi.json',
      `/${OUS}/jwks.json`,
      `/${OUS}/`,
      `/${OUS}/style/none.json`,
      `/${OUS}/api/trust`,
      `/${OUS}/api/session`,
      `/${OUS}/api/unit`,
      `/${OUS}/api/patients/cdp1004`,
      `/${OUS}/innbygger/api/trust`,
      `/${OUS}/innbygger/api/log`,
      `/${OUS}/fhir/Patient/cdp1004`,
      `/${OUS}/dicomweb/studies`,
      `/${OUS}/facts/changes`,
    ]) {
      const answer = await ask(path)
      await answer.body?.cancel()
      assert.match(heardAs(answer) ?? '', /^[0-9a-f]{32}$/, path)
      assert.notEqual(heardAs(answer), FOREIGN, path)
    }
  })

  test('for who has signed in too, so nobody writes into another’s story', async () => {
    const work = await signedIn('api', 'nordmann')
    const cookie = cookieOf(work)
    const answers = [
      work,
      await ask(`/${OUS}/api/patients/cdp1004`, { headers: { cookie } }),
      await ask(`/${OUS}/fhir/Patient/cdp1004`, { headers: { cookie } }),
      await ask(`/${OUS}/api/launches/end`, posted({ workspace: 'workspace-1', patient: 'cdp1004' }, { cookie })),
      await ask(`/${OUS}/api/session/end`, posted({}, { cookie })),
      await signedIn('innbygger/api', 'berg'),
    ]
    for (const answer of answers) assert.ok(answer.ok, answer.url)
    const told = await correlationsInLog()
    assert.equal(told.includes(FOREIGN), false)
    assert.deepEqual(new Set(told), new Set(answers.map(heardAs)), 'each is written down under its own')
  })

  test('for processes that cannot show who they are', async () => {
    const token = await world.forge({ issuer: 'https://stranger.example', audience: `${world.address}/${OUS}/fhir` })
    const answer = await ask(`/${OUS}/fhir/Patient/cdp1004`, { headers: { authorization: token } })
    assert.equal(answer.status, 401)
    assert.notEqual(heardAs(answer), FOREIGN)
  })

  test('for registers, which are other people’s systems', async () => {
    const audience = `${world.address}/${OUS}/facts`
    const issuer = gateway.replace(/gateway$/, 'pas')
    const authorization = await world.forge({ issuer, audience, scope: '__facts.write' })
    const body = { patient: 'cdp1004', user: 'stf103', member: true }
    const answer = await ask(`/${OUS}/facts/care-team`, posted(body, { authorization }))
    assert.ok(answer.ok)
    assert.equal((await correlationsInLog()).at(-1), heardAs(answer))
    assert.notEqual(heardAs(answer), FOREIGN)
  })
})

test('our own processes go on with their story at every door that is theirs', async () => {
  const as = async (issuer: string, door: string, scope?: string) => ({
    authorization: await world.forge({
      issuer,
      audience: `${world.address}/${OUS}/${door}`,
      ...(scope === undefined ? {} : { scope }),
    }),
  })
  const issuer = `${auth}/${OUS}`
  const decider = await as(gateway, 'facts', '__facts.read')
  const answers = [
    await ask(`/${OUS}/fhir/Patient/cdp1004`, { headers: await as(gateway, 'fhir') }),
    await ask(`/${OUS}/dicomweb/studies`, { headers: await as(gateway, 'dicomweb') }),
    await ask(`/${OUS}/facts/contacts?patient=cdp1004`, { headers: decider }),
    await ask(`/${OUS}/facts/changes`, { headers: decider }),
    await ask(`/${OUS}/facts/cases`, posted({ user: 'stf101', role: 'agb101', patients: ['cdp1004'] }, decider)),
    await ask(`/${OUS}/caac/decide`, posted({}, await as(gateway, 'caac', '__pdp.evaluate'))),
    await ask(`/${OUS}/directory/users/find`, posted({ id: 'stf101' }, await as(issuer, 'directory', '__directory'))),
  ]
  for (const answer of answers) {
    await answer.body?.cancel()
    assert.notEqual(answer.status, 401, answer.url)
    assert.equal(heardAs(answer), FOREIGN, answer.url)
  }
})
