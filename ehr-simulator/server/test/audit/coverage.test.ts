import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AuditRecord } from '@uthopp/audit/record'
import { parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { type FactsWorld, startFactsWorld } from '#test/facts/http/facts-world.ts'
import { PASSWORD, type Screen, startSurfaceWorld, type SurfaceWorld } from '#test/work-surface/surface-world.ts'
import { LOG_OF_ROUTE } from './route-activities.ts'

const REASON = 'Bedt om vurdering av vakthavende på sengepost 4B'
const EIDE = 'cdp1007'

let facts: FactsWorld
let surface: SurfaceWorld
before(async () => {
  facts = await startFactsWorld()
  surface = await startSurfaceWorld()
})
after(async () => {
  await facts.world.close()
  await surface.close()
})

async function activitiesIn(database: Database): Promise<readonly AuditRecord['activity'][]> {
  const rows = await database.acrossTenants.all<{ record: string }>(
    sql`select record from audit_outbox order by position`,
  )
  return rows.map(({ record }) => {
    const read = parseRecord(JSON.parse(record))
    if (isProblem(read)) throw new Error(read.reason)
    return read.activity
  })
}

const signedIn = async (username: string, role?: string): Promise<Screen> => {
  const screen = surface.screen()
  await screen.signIn(username, role)
  return screen
}
/** Whom nobody else in here looks up. */
const atHome = async (): Promise<Screen> => {
  const home = surface.home()
  await home.signIn('berg')
  return home
}
const idOf = async (path: string, body: object): Promise<unknown> => (await facts.write(path, body)).body['id']
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

const BLOCK = { patient: 'cdp1005', kind: 'employee', target: 'stf104' }
const GIVEN = { patient: 'cdp1004', unit: 'lok106', kind: 'referral', user: 'stf103' }
const APPROVED = { patient: 'cdp1004', user: 'stf102', role: 'agb102', template: 'KVAL', approval: 'KV-2026-14' }

/** Readied beforehand, where a deed needs something to do it to; then the deed itself, which is what the log must hear of. */
type Deed = () => Promise<() => Promise<unknown>>

const register =
  (path: string, prepare: () => object | Promise<object>): Deed =>
  async () => {
    const body = await prepare()
    return () => facts.write(path, body)
  }

const lifted = async (screen: Screen): Promise<unknown> => {
  const { items } = (await screen.get(`patients/${EIDE}/blocked`)).body as { items: readonly { id: string }[] } // as the web reads it
  const wish = { patient: EIDE, items: [items[0]?.id], reason: REASON, confirmed: true, password: PASSWORD }
  return (await screen.post('glass', wish)).body['decision']
}
const take = async (screen: Screen, ground: string, patient: string): Promise<unknown> =>
  (await screen.post('access', { patient, ground, reason: REASON })).body['decision']

/** Asks each address that promises to be told of, so that everything it promises happens. */
const DEEDS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  [
    'POST /:orgnr/facts/adt',
    register('/adt', () => ({ event: 'admit', patient: 'cdp1005', unit: 'lok101', at: new Date().toISOString() })),
  ],
  ['POST /:orgnr/facts/blocks', register('/blocks', () => BLOCK)],
  ['POST /:orgnr/facts/blocks/lift', register('/blocks/lift', async () => ({ id: await idOf('/blocks', BLOCK) }))],
  ['POST /:orgnr/facts/responsibilities', register('/responsibilities', () => GIVEN)],
  [
    'POST /:orgnr/facts/responsibilities/end',
    register('/responsibilities/end', async () => ({ id: await idOf('/responsibilities', GIVEN) })),
  ],
  [
    'POST /:orgnr/facts/care-team',
    register('/care-team', () => ({ patient: 'cdp1004', user: 'stf103', member: true })),
  ],
  ['POST /:orgnr/facts/decisions', register('/decisions', () => ({ ...APPROVED, valid_until: inAnHour() }))],
  [
    'POST /:orgnr/facts/decisions/end',
    register('/decisions/end', async () => ({
      id: await idOf('/decisions', { ...APPROVED, template: 'FORSK', valid_until: inAnHour() }),
    })),
  ],
  ['POST /:orgnr/facts/licences', register('/licences', () => ({ user: 'stf103', active: true }))],
  [
    'POST /:orgnr/innbygger/api/session',
    async () => async () => {
      await surface.home().post('session', { username: 'berg', password: 'x' })
      await atHome()
    },
  ],
  [
    'POST /:orgnr/innbygger/api/session/end',
    async () => {
      const home = await atHome()
      return () => home.post('session/end', {})
    },
  ],
  [
    'POST /:orgnr/innbygger/api/blocks',
    async () => {
      const home = await atHome()
      return () => home.post('blocks', { kind: 'profession', target: 'LE' })
    },
  ],
  [
    'POST /:orgnr/innbygger/api/blocks/lift',
    async () => {
      const home = await atHome()
      await home.post('blocks', { kind: 'profession', target: 'SP' })
      const { blocks } = (await home.get('blocks')).body as { blocks: readonly { id: string; kind: string }[] } // as the web reads it
      const block = blocks.find(({ kind }) => kind === 'profession')?.id
      return () => home.post('blocks/lift', { block })
    },
  ],
  [
    'POST /:orgnr/api/session',
    async () => async () => {
      await surface.screen().post('session', { username: 'fjell', password: 'x' })
      await signedIn('fjell')
    },
  ],
  [
    'POST /:orgnr/api/session/role',
    async () => {
      const fjell = await signedIn('fjell')
      return () => fjell.post('session/role', { role: 'agb102' })
    },
  ],
  [
    'POST /:orgnr/api/session/end',
    async () => {
      const holm = await signedIn('holm')
      return () => holm.post('session/end', {})
    },
  ],
  ['GET /:orgnr/api/unit', looking('holm', (screen) => screen.get('unit'))],
  ['POST /:orgnr/api/patients/search', looking('holm', (screen) => screen.post('patients/search', { text: 'eide' }))],
  ['POST /:orgnr/api/patients/find', looking('nordmann', (screen) => screen.post('patients/find', { text: 'hansen' }))],
  ['GET /:orgnr/api/patients/:id', looking('holm', (screen) => screen.get(`patients/${EIDE}`))],
  ['GET /:orgnr/api/patients/:id/access', looking('nordmann', (screen) => screen.get('patients/cdp1006/access'))],
  ['GET /:orgnr/api/patients/:id/blocked', looking('nordmann', (screen) => screen.get(`patients/${EIDE}/blocked`))],
  [
    'POST /:orgnr/api/access',
    looking('bakke', async (screen) => {
      await screen.post('access', { patient: 'cdp1006', ground: 'TILSYN', reason: 'nei' })
      await take(screen, 'TILSYN', 'cdp1006')
    }),
  ],
  [
    'POST /:orgnr/api/access/renew',
    async () => {
      const nordmann = await signedIn('nordmann')
      const decision = await take(nordmann, 'BLAALYS', 'cdp1006')
      return async () => {
        await nordmann.post('access/renew', { decision, reason: 'nei' })
        await nordmann.post('access/renew', { decision, reason: REASON })
      }
    },
  ],
  [
    'POST /:orgnr/api/access/end',
    async () => {
      const nordmann = await signedIn('nordmann')
      const decisions = [await take(nordmann, 'TILSYN', 'cdp1006'), await lifted(nordmann)]
      return () => Promise.all(decisions.map((decision) => nordmann.post('access/end', { decision })))
    },
  ],
  [
    'POST /:orgnr/api/glass',
    async () => {
      const nordmann = await signedIn('nordmann')
      await nordmann.get(`patients/${EIDE}/blocked`)
      return async () => {
        await nordmann.post('glass', { patient: EIDE, items: [], reason: 'nei', confirmed: true, password: PASSWORD })
        await lifted(nordmann)
      }
    },
  ],
  [
    'GET /:orgnr/api/control',
    async () => {
      await lifted(await signedIn('nordmann'))
      const holm = await signedIn('holm')
      return () => holm.get('control')
    },
  ],
  [
    'POST /:orgnr/api/control/review',
    async () => {
      const decision = await lifted(await signedIn('nordmann'))
      const holm = await signedIn('holm')
      return () => holm.post('control/review', { decision, outcome: 'accepted', note: 'Avtalt med vakthavende' })
    },
  ],
  [
    'POST /:orgnr/api/launches/end',
    async () => {
      const nordmann = await signedIn('nordmann')
      const [first, next] = [
        { patient: 'cdp1004', workspace: 'workspace-1' },
        { patient: EIDE, workspace: 'workspace-2' },
      ]
      await nordmann.post('launches', { app: 'pacs-viewer', ...first })
      for (const { patient } of [first, next]) await nordmann.get(`patients/${patient}`)
      return async () => {
        await nordmann.post('launches/end', { ...first, switched: true })
        await nordmann.post('launches/end', next)
      }
    },
  ],
])

function looking(username: string, deed: (screen: Screen) => Promise<unknown>): Deed {
  return async () => {
    const screen = await signedIn(username)
    return () => deed(screen)
  }
}

describe('the access log and the host', () => {
  test('every address says what the log hears of it, and no other is described', () => {
    assert.deepEqual([...LOG_OF_ROUTE.keys()].toSorted(), [...new Set(facts.world.host.routes)].toSorted())
  })

  test('every address that promises to be told of is asked here', () => {
    const promising = [...LOG_OF_ROUTE].filter(([, { kind }]) => kind === 'told').map(([route]) => route)
    assert.deepEqual([...DEEDS.keys()].toSorted(), promising.toSorted())
  })

  for (const [route, deed] of DEEDS)
    test(`of ${route} the log hears what was promised, and nothing else`, async () => {
      const { database } = route.includes('/facts/') ? facts.world : surface
      const perform = await deed()
      const before = (await activitiesIn(database)).length
      await perform()
      const heard = (await activitiesIn(database)).slice(before)
      const promised = LOG_OF_ROUTE.get(route)
      assert.deepEqual([...new Set(heard)].toSorted(), promised?.kind === 'told' ? promised.activities.toSorted() : [])
    })
})
