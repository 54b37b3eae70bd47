import assert from 'node:assert/strict'
import { appendFile, copyFile, cp, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import type { PolicyEvent } from '#src/engine/rule-library.ts'
import { createEngine } from '#src/engine/engine.ts'
import { createDecisionPoint, type LocalDecisionPoint } from '#src/in-process.ts'
import { makeRuleBook, OWN_RULES, readRuleBook } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'
import { sourceOf } from './source-of.ts'

const { ask, facts } = toAsk(named('team-reads-unlabelled'))
const opened: LocalDecisionPoint[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((point) => point.close()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function folderOfRules(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'))
  folders.push(folder)
  await cp(OWN_RULES, folder, { recursive: true })
  return folder
}

type Awaited = {
  readonly next: (event: PolicyEvent['event']) => Promise<PolicyEvent>
  readonly log: (event: PolicyEvent) => void
}

/** Hands out events as they come, so that nothing waits by the clock. */
function events(): Awaited {
  const past: PolicyEvent[] = []
  const waiting: { readonly name: string; readonly resolve: (event: PolicyEvent) => void }[] = []
  return {
    log: (event) => {
      const at = waiting.findIndex(({ name }) => name === event.event)
      if (at < 0) past.push(event)
      else waiting.splice(at, 1)[0]?.resolve(event)
    },
    next: (name) => {
      const at = past.findIndex(({ event }) => event === name)
      const [found] = at < 0 ? [] : past.splice(at, 1)
      return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ name, resolve }))
    },
  }
}

function open(rules: string, log: (event: PolicyEvent) => void, workers = 0): LocalDecisionPoint {
  const point = createDecisionPoint({ facts: sourceOf(facts), rules, workers, now: () => CORPUS_TIME, log })
  opened.push(point)
  return point
}

const write = (folder: string, id: string, text: string): Promise<void> => writeFile(join(folder, `${id}.cedar`), text)

/** A rule that is meant to be there: its file, then its line in the contents. */
async function add(folder: string, id: string, text: string): Promise<void> {
  await write(folder, id, text)
  await appendFile(join(folder, 'contents.txt'), `${id}\n`)
}

const NEVER = `@reason_code("closed-today")
@deny_no("Stengt i dag.")
@deny_en("closed today")
forbid (principal is Ehr::Clinician, action, resource);
`

test('a changed rule takes effect without a restart, under a version of its own, also for what was just permitted', async () => {
  const folder = await folderOfRules()
  const { next, log } = events()
  const point = open(folder, log, 1)
  const before = await point.decide(ask)
  await next('rules-loaded')
  await add(folder, 'closed-today', NEVER)
  await next('rules-loaded')
  const after = await point.decide(ask)
  assert.deepEqual([before.effect, after.effect, after.reasonCode], ['permit', 'deny', 'closed-today'])
  assert.deepEqual(after.rules, ['closed-today'])
  assert.notEqual(after.policyVersion, before.policyVersion)
})

test('rules with an error or a warning are refused, the old ones serve on, and both are visible', async () => {
  const folder = await folderOfRules()
  const { next, log } = events()
  const point = open(folder, log)
  const { policyVersion } = await point.decide(ask)
  await next('rules-loaded')
  const broken = [
    'permit (principal, action, resource) when {',
    'permit (principal, action, resource) when { principal.wings };',
    // Impossible, which Cedar only warns of.
    '@reason_code("x") @deny_no("x") @deny_en("x") forbid (principal is Ehr::Clinician, action == Ehr::Action::"read", resource) when { false };',
    'forbid (principal is Ehr::Clinician, action, resource);',
    NEVER.replace('deny_en', 'deny_se'),
    NEVER.replace('@deny_en', '@obligation("levitate:now")\n@deny_en'),
  ]
  await add(folder, 'broken', broken[0] ?? '')
  for (const text of broken) {
    await write(folder, 'broken', text)
    const refused = await next('rules-refused')
    assert.equal(refused.event === 'rules-refused' && refused.serving, policyVersion, text)
    const { effect, policyVersion: version } = await point.decide(ask)
    assert.deepEqual([effect, version, point.ready()], ['permit', policyVersion, undefined], text)
    assert.equal(point.status().version, policyVersion)
    assert.ok(point.status().refused, text)
  }
  await rm(join(folder, 'broken.cedar'))
  await copyFile(join(OWN_RULES, 'contents.txt'), join(folder, 'contents.txt'))
  while (point.status().refused !== null) await new Promise((resolve) => setImmediate(resolve))
})

test('a book that lacks a rule of its contents, or has one they do not name, is refused', async () => {
  const folder = await folderOfRules()
  await rm(join(folder, 'guard-blocked.cedar'))
  const lacking = await readRuleBook(folder)
  assert.ok(isProblem(lacking) && lacking.input === 'guard-blocked')
  await copyFile(join(OWN_RULES, 'guard-blocked.cedar'), join(folder, 'guard-blocked.cedar'))
  assert.ok(!isProblem(await readRuleBook(folder)))
  await write(folder, 'stray', 'permit (principal, action, resource);')
  assert.ok(isProblem(await readRuleBook(folder)))
  await rm(join(folder, 'contents.txt'))
  assert.ok(isProblem(await readRuleBook(folder)))
})

test('without rules nothing is permitted and nobody is ready', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'))
  folders.push(folder)
  for (const rules of [folder, join(folder, 'nowhere')]) {
    const { next, log } = events()
    const point = open(rules, log)
    const answer = await point.decide(ask)
    await next('rules-refused')
    assert.deepEqual([answer.effect, answer.reasonCode], ['deny', 'rule-book-missing'])
    assert.equal(typeof point.ready(), 'string')
  }
})

test('the same rules have the same version wherever they are read, and another schema is another version', async () => {
  const [one, other] = await Promise.all([readRuleBook(OWN_RULES), folderOfRules().then(readRuleBook)])
  assert.ok(!isProblem(one) && !isProblem(other))
  assert.equal(one.version, other.version)
  const changed = makeRuleBook(`${one.schema}\n`, one.rules)
  assert.ok(!isProblem(changed))
  assert.notEqual(changed.version, one.version)
})

test('an engine without rules denies instead of failing', () => {
  const engine = createEngine()
  const verdict = engine.evaluate({
    namespace: 'Ehr',
    action: 'read',
    principal: { type: 'Ehr::Clinician', id: 'x' },
    groups: [],
    attributes: {},
    resource: { type: 'Ehr::Item', id: 'x' },
    context: {},
  })
  assert.deepEqual(verdict, { effect: 'deny', rules: [], fault: 'rule-book-missing' })
})

test('a rule that cannot be evaluated denies, and the log says that it happened, not to whom', async () => {
  const folder = await folderOfRules()
  const { next, log } = events()
  // Adds past 64 bits: a rule that fails at run time is skipped by Cedar, and a skipped rule may be the one that forbids.
  await add(
    folder,
    'overflow',
    NEVER.replace(
      'action, resource);',
      'action == Ehr::Action::"read", resource) when { principal in Ehr::Role::"nurse" && 9223372036854775807 + context.acr == 0 };',
    ),
  )
  const answer = await open(folder, log).decide(ask)
  assert.deepEqual([answer.effect, answer.reasonCode], ['deny', 'rule-error'])
  const event = await next('rule-error')
  assert.ok(event.event === 'rule-error' && event.reason.includes('rule error in overflow'))
  assert.ok(!JSON.stringify(event).includes(ask.subject.id))
})

test('rules that take the place of others by a link or a rename are taken up', async () => {
  const [first, second] = [await folderOfRules(), await folderOfRules()]
  await add(second, 'closed-today', NEVER)
  const place = `${first}-now`
  folders.push(place)
  await symlink(first, place)
  const { next, log } = events()
  const point = open(place, log)
  assert.equal((await point.decide(ask)).effect, 'permit')
  await next('rules-loaded')
  await symlink(second, `${place}-next`)
  await rename(`${place}-next`, place)
  await next('rules-loaded')
  assert.equal((await point.decide(ask)).reasonCode, 'closed-today')
  // What is watched now is the new folder.
  await write(second, 'closed-today', NEVER.replace('closed-today', 'closed-tomorrow'))
  await next('rules-loaded')
  assert.equal((await point.decide(ask)).reasonCode, 'closed-tomorrow')
})

test('a folder that is lost is told of, its rules serve on, and it is taken up when it comes back', async () => {
  const folder = await folderOfRules()
  const { next, log } = events()
  const point = open(folder, log)
  await point.decide(ask)
  await next('rules-loaded')
  await rename(folder, `${folder}-away`)
  folders.push(`${folder}-away`)
  const refused = await next('rules-refused')
  assert.ok(refused.event === 'rules-refused' && refused.serving !== null)
  assert.equal((await point.decide(ask)).effect, 'permit')
  await add(`${folder}-away`, 'closed-today', NEVER)
  await rename(`${folder}-away`, folder)
  await next('rules-loaded')
  assert.equal((await point.decide(ask)).reasonCode, 'closed-today')
})

test('two who decide by the same rules share what has been parsed of them, and one may leave', async () => {
  const [one, other] = [open(OWN_RULES, () => {}), open(OWN_RULES, () => {})]
  const answers = await Promise.all([one.decide(ask), other.decide(ask)])
  assert.deepEqual(
    answers.map(({ effect }) => effect),
    ['permit', 'permit'],
  )
  await one.close()
  const third = open(await folderOfRules(), () => {})
  assert.equal((await third.decide(ask)).effect, 'permit')
  assert.equal((await other.decide(ask)).effect, 'permit')
})
