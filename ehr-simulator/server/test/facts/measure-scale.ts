import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toAsk } from '@uthopp/policy/corpus'
import { named } from '@uthopp/policy/contract'
import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import { createFactCache } from '@uthopp/policy/fact-cache'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { migrate } from '@uthopp/storage/migrate'
import { openSqlite } from '@uthopp/storage/sqlite'
import { readCase } from '#src/facts/care-facts.ts'
import { FACT_MIGRATIONS } from '#src/facts/storage/migrations.ts'
import { fillHost, type FilledTrust, type Size } from './many-facts.ts'

/** Medians in milliseconds; nothing that is asked was permitted a moment ago, except where it is said. */
export type ScaleCosts = {
  /** One decision whose facts are read from the host's tables. */
  readonly firstDecision: number
  /** One decision whose facts are at hand. */
  readonly decision: number
  /** Thirty letters of a token. */
  readonly letters: number
  /** Fifty rows of one case, and the same again while their permit is remembered. */
  readonly rows: number
  readonly rowsAgain: number
}

type Side = {
  readonly spent: Record<keyof ScaleCosts, number[]>
  readonly ask: (number: number) => { readonly point: DecisionPoint; readonly ask: (type: string) => Ask }
  readonly tick: () => void
  readonly close: () => Promise<void>
}

const LETTER_TYPES =
  'Observation Condition Encounter Patient AllergyIntolerance CarePlan Goal Task DocumentReference ServiceRequest Specimen DiagnosticReport ImagingStudy NutritionOrder Procedure'
const READ = toAsk(named('team-reads-unlabelled')).ask
/** Enough for every trust to be asked about many of its patients before anything is measured. */
const ASKED_BEFORE = 100

/** The same questions to a host that knows little and to one that knows `many`, in turns; both keep it on disk. */
export async function measureScale(
  rounds: number,
  many: Size,
): Promise<{ readonly few: ScaleCosts; readonly many: ScaleCosts }> {
  let time = Date.now()
  const now = () => new Date(time)
  const sides: Record<'few' | 'many', Side> = {
    few: await openSide({ trusts: 1, patients: 8, users: 20 }, now),
    many: await openSide(many, now),
  }
  try {
    for (let number = 0; number < ASKED_BEFORE * many.trusts; number += 1) {
      sides.many.tick()
      const { point, ask } = sides.many.ask(number)
      await point.decide(ask('Observation'))
    }
    for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
      if (round === 0)
        for (const { spent } of Object.values(sides)) for (const values of Object.values(spent)) values.length = 0
      for (const side of round % 2 === 0 ? [sides.few, sides.many] : [sides.many, sides.few]) {
        time += 10_000
        side.tick()
        await measureOnce(side, rounds + round)
      }
    }
  } finally {
    for (const { close } of Object.values(sides)) await close()
  }
  return { few: mediansOf(sides.few), many: mediansOf(sides.many) }
}

async function measureOnce({ spent, ask: asking }: Side, number: number): Promise<void> {
  const { point, ask } = asking(number)
  const timed = async (name: keyof ScaleCosts, asks: readonly Ask[]): Promise<void> => {
    const began = performance.now()
    const answers = await point.decideAll(asks)
    spent[name].push(performance.now() - began)
    const denied = answers.find(({ effect }) => effect !== 'permit')
    assert.equal(denied?.reasonCode, undefined)
  }
  await timed('firstDecision', [ask('Observation')])
  await timed('decision', [ask('Condition')])
  const rows = Array.from({ length: 50 }, () => ask('Specimen'))
  await timed('rows', rows)
  await timed('rowsAgain', rows)
  await timed(
    'letters',
    LETTER_TYPES.split(' ').flatMap((type) => lettersOf(ask(type), type)),
  )
}

const lettersOf = (ask: Ask, type: string): readonly Ask[] =>
  (['r', 's'] as const).map((letter) => ({
    ...ask,
    question: { action: 'grantScope', scope: { level: 'patient', type, letter, categories: [], registered: true } },
  }))

async function openSide(size: Size, now: () => Date): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-facts-'))
  const database = await openSqlite({ file: join(folder, 'host.sqlite') })
  await migrate(database, FACT_MIGRATIONS)
  const trusts = await fillHost(database, size, now)
  const opened = trusts.map((trust) => ({ trust, ...openPoint(trust, now) }))
  const spent: Side['spent'] = { firstDecision: [], decision: [], letters: [], rows: [], rowsAgain: [] }
  return {
    spent,
    ask(number) {
      const found = opened[number % opened.length]
      assert.ok(found)
      const { trust, point } = found
      const { user, role, patient } = trust.pair(Math.floor(number / opened.length) + number)
      return { point, ask: (type) => askOf({ tenant: trust.tenant, user, role, patient, type }) }
    },
    tick: () => opened.forEach(({ tick }) => tick()),
    async close() {
      for (const { point } of opened) await point.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As in the gateway: a decision point and a cache of facts for each trust. */
function openPoint({ rooms }: FilledTrust, now: () => Date) {
  const cache = createFactCache({
    now,
    source: {
      async read({ user, role, patients }) {
        const facts = await readCase(rooms, { user, role, patients })
        assert.ok(facts)
        return facts
      },
    },
  })
  return { point: createDecisionPoint({ facts: cache, rules: OWN_RULES, now, log: () => {} }), tick: cache.noteAlive }
}

function askOf(given: {
  readonly tenant: string
  readonly user: string
  readonly role: string
  readonly patient: string
  readonly type: string
}): Ask {
  const { tenant, user, role, patient, type } = given
  const { circumstance, subject, question } = READ
  assert.ok('resource' in question)
  return {
    subject: { ...subject, id: user, role },
    circumstance: { ...circumstance, tenant, launchPatient: patient, grants: ['*.r'] },
    question: { ...question, resource: { ...question.resource, type, patient } },
  }
}

function mediansOf({ spent }: Side): ScaleCosts {
  const medians = Object.entries(spent).map(([name, values]) => [
    name,
    values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN,
  ])
  return Object.fromEntries(medians) as ScaleCosts // the same names
}
