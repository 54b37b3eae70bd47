import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import { type Answer, type Loose, OUTSIDE, startWorld, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const
export const OWN = { reference: 'Patient/pat-a' }

export type Named = readonly [type: string, id: string]
export type Question = (token: string) => Promise<Answer>

/** What remains of an answer when the moment it was given, and what is sealed, are set aside. How long a seal is, is not. */
export const bare = ({ status, headers, text }: Answer) => ({
  status,
  headers: [...headers].filter(([name]) => !['date', 'traceparent', 'x-correlation-id'].includes(name)),
  text: text
    .replaceAll(/_uthopp-page=[\w-]+/g, (link) => `sealed in ${link.length}`)
    .replaceAll(/[\da-f]{32}/g, 'correlation'),
})

export const nextOf = ({ json }: Answer): string | undefined =>
  (json?.link ?? json?.entry?.[0]?.resource?.link)?.find(({ relation }: Loose) => relation === 'next')?.url

/** A world for one suite in which policy may hide anything, with something of everything, and what would tell hidden from absent. */
export function hidingWorld() {
  const held: { world?: World } = {}
  const world = (): World => {
    if (held.world === undefined) throw new Error('the world starts before the first test')
    return held.world
  }
  const stored: Named[] = []
  before(async () => {
    held.world = await startWorld({ stage: 'enforce' })
    const put = (resourceType: string, id: string, more: object): void => {
      stored.push([resourceType, id])
      world().upstream.put({ resourceType, id, ...more })
    }
    const code = (index: number) => ({ coding: [{ code: ['x', 'y', 'z'][index % 3] }] })
    for (const who of ['a', 'b', 'c'])
      put('Patient', `pat-${who}`, { identifier: [{ value: `number-${who}` }], birthDate: '1968-01-27' })
    for (const id of ['org0', 'org1']) put('Organization', id, { name: id })
    for (let index = 0; index < 6; index += 1)
      put('Encounter', `enc${index}`, {
        status: 'finished',
        class: { code: 'AMB' },
        subject: OWN,
        serviceProvider: { reference: `Organization/org${index % 2}` },
        ...(index > 1 ? { partOf: { reference: `Encounter/enc${index - 2}` } } : {}),
      })
    for (let index = 0; index < 14; index += 1)
      put('Condition', `con${String(index).padStart(2, '0')}`, {
        code: code(index),
        subject: index % 7 === 6 ? { reference: index === 6 ? 'Patient/pat-b' : 'Patient/pat-c' } : OWN,
        ...(index % 7 === 6 ? {} : { encounter: { reference: `Encounter/enc${index % 6}` } }),
      })
    for (let index = 0; index < 9; index += 1)
      put('Observation', `obs${index}`, {
        status: 'final',
        code: code(index + 1),
        category: [{ coding: [{ code: index % 2 === 0 ? 'vital-signs' : 'laboratory' }] }],
        subject: OWN,
        encounter: { reference: `Encounter/enc${(index * 5) % 6}` },
      })
  })
  after(() => world().close())
  beforeEach(() => {
    world().policy.says = () => undefined
    world().upstream.mostIncluded = 1000
    world().upstream.mostMatches = 10_000
  })

  const hide = (hidden: readonly Named[]): void => {
    const names = new Set(hidden.map(([type, id]) => `${type}/${id}`))
    world().policy.says = ({ question }) =>
      'resource' in question && names.has(`${question.resource.type}/${question.resource.id ?? ''}`)
        ? BLOCKED
        : undefined
  }

  /** Whoever is shown a patient's data may see who the patient is, so a hidden Patient hides what is theirs. */
  const withTheirs = (hidden: readonly Named[]) => {
    const gone = new Set(hidden.filter(([type]) => type === 'Patient').map(([, id]) => `Patient/${id}`))
    const names = new Set(hidden.map(([, id]) => id))
    return stored.filter(([type, id]) => {
      const resource: Loose = world().upstream.stored(type, id)
      return names.has(id) || gone.has(resource?.subject?.reference)
    })
  }

  /** An answer and all pages after it. */
  async function told(ask: Question, token: string, label = ''): Promise<readonly ReturnType<typeof bare>[]> {
    const pages: Answer[] = []
    let answer: Answer | undefined = await ask(token)
    while (answer !== undefined && pages.length < 40) {
      pages.push(answer)
      const next = nextOf(answer)
      answer =
        next === undefined
          ? undefined
          : await world().at(next.slice(OUTSIDE.length), { headers: { authorization: `Bearer ${token}` } })
    }
    assert.ok(pages.length < 40, `${label}: the pages end`)
    return pages.map(bare)
  }

  /** The same question to a gateway that hides some, and to one in whose store they never were. */
  async function compare(label: string, ask: Question, hidden: readonly Named[], claims: object = {}): Promise<void> {
    hide(hidden)
    const kept = hidden.flatMap(([type, id]) => world().upstream.stored(type, id) ?? [])
    const withHidden = await told(ask, await world().token({ ...claims }), label)
    for (const [type, id] of hidden) world().upstream.remove(type, id)
    hide([])
    const withoutThem = await told(ask, await world().token({ ...claims }), label)
    world().upstream.put(...kept)
    assert.deepEqual(withHidden, withoutThem, `${label} without ${hidden.map(([, id]) => id).join(' ')}`)
  }

  const get =
    (path: string): Question =>
    (token) =>
      world().fhir(path, token)
  const post =
    (type: string, form: string): Question =>
    (token) =>
      world().fhir(`${type}/_search`, token, {
        method: 'POST',
        body: form,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
  const inBundle =
    (type: 'batch' | 'transaction', url: string): Question =>
    (token) =>
      world().fhir('', token, {
        method: 'POST',
        body: JSON.stringify({ resourceType: 'Bundle', type, entry: [{ request: { method: 'GET', url } }] }),
        headers: { 'content-type': 'application/fhir+json' },
      })

  return { world, stored, hide, withTheirs, told, compare, get, post, inBundle }
}
