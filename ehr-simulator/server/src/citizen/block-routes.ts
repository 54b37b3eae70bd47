import { randomUUID } from 'node:crypto'
import type { Router } from '@koa/router'
import type { DocumentReference, Location } from '@medplum/fhirtypes'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { choice, type MemberReader, readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import { BLOCK_KINDS } from '@uthopp/policy/facts'
import { problem } from '@uthopp/smart-core/problem'
import { citizen } from '#src/audit/audit-writer.ts'
import type { PatientBlock } from '#src/facts/blocks.ts'
import { blocksOf, liftBlock, setBlock } from '#src/facts/citizen-blocks.ts'
import type { Tell } from '#src/facts/storage/tell.ts'
import { professions } from '#src/seed/person.ts'
import { dialogRefusal } from '#src/work-surface/access/refuse-dialog.ts'
import { idIn, instantOf, wordOf } from '#src/work-surface/words.ts'
import type { CitizenDeps } from './citizen-deps.ts'
import type { CitizenGuard } from './citizen-guard.ts'

const target: MemberReader<string> = (value, name) =>
  typeof value === 'string' && value.length <= 200 ? value : problem(name, `\`${name}\` must be a text`)
const SETTING = { required: { kind: choice(BLOCK_KINDS), target } } as const
const LIFTING = { required: { block: text } } as const

/** «Sperringer»: what a citizen has closed in the own record, and for whom (pasientjournalloven §17). */
export function addBlockRoutes(
  router: Router<AppState>,
  { deps, guard }: { readonly deps: CitizenDeps; readonly guard: CitizenGuard },
): void {
  const tell =
    (ctx: AppContext, patient: string, kind: string, change: 'set' | 'lifted'): Tell =>
    (inside) => {
      const said = { activity: 'block-changed', actor: citizen(patient), patient, detail: { kind, change } } as const
      return deps.audit.write({ ...said, trace: ctx.state.trace }, inside)
    }

  router.get('/blocks', async (ctx) => {
    const { patient } = await guard(ctx)
    const [blocks, choices] = await Promise.all([blocksOf(deps.facts, patient), readChoices(deps, patient)])
    const shown = blocks.filter(({ target: id }) => !id.startsWith('Binary/'))
    ctx.body = { blocks: shown.map((block) => blockFace(block, choices)), choices: choices.filter(notBlocked(shown)) }
  })

  router.post('/blocks', async (ctx) => {
    const { patient } = await guard(ctx)
    const wish = accept(readMembers(await readJson(ctx), SETTING))
    const choices = await readChoices(deps, patient)
    // Only what the page offered: a citizen neither names another's document nor tries out who works here.
    const known = choices.some((each) => each.kind === wish.kind && each.target === wish.target)
    if (!known) throw dialogRefusal('block_not_possible')
    const parts = (await wholeOf(deps, wish)).map((each) => ({ id: randomUUID(), target: each }))
    const own = { patient, kind: wish.kind, parts }
    const outcome = await setBlock(deps.facts, own, tell(ctx, patient, wish.kind, 'set'))
    if (outcome.kind === 'refused' && outcome.code !== 'blocked_already') throw dialogRefusal(outcome.code)
    ctx.status = 204
  })

  router.post('/blocks/lift', async (ctx) => {
    const { patient } = await guard(ctx)
    const { block: id } = accept(readMembers(await readJson(ctx), LIFTING))
    const block = (await blocksOf(deps.facts, patient)).find((each) => each.id === id)
    if (block === undefined) throw dialogRefusal('block_not_known')
    const whole = new Set(await wholeOf(deps, block))
    const parts = (await blocksOf(deps.facts, patient)).filter(
      (each) => each.kind === block.kind && whole.has(each.target),
    )
    const ids = parts.map((part) => part.id)
    const outcome = await liftBlock(deps.facts, { patient, ids }, tell(ctx, patient, block.kind, 'lifted'))
    if (outcome.kind === 'refused') throw dialogRefusal(outcome.code)
    ctx.status = 204
  })
}

type BlockChoice = Pick<PatientBlock, 'kind' | 'target'> & { readonly label: string; readonly at: string | null }

const blockFace = ({ id, kind, target: what }: PatientBlock, choices: readonly BlockChoice[]) => {
  const known = choices.find((each) => each.kind === kind && each.target === what)
  return { id, kind, label: known?.label ?? 'En del av journalen', at: known?.at ?? null }
}

const notBlocked =
  (blocks: readonly PatientBlock[]) =>
  ({ kind, target: what }: BlockChoice): boolean =>
    !blocks.some((block) => block.kind === kind && block.target === what)

/** A document and the bytes it consists of are closed and opened together. */
async function wholeOf({ store }: CitizenDeps, { kind, target: what }: Pick<PatientBlock, 'kind' | 'target'>) {
  const id = kind === 'document' ? idIn({ reference: what }, 'DocumentReference') : undefined
  const document = id === undefined ? undefined : await store.find<DocumentReference>('DocumentReference', id)
  const parts = document?.content.flatMap(({ attachment }) => idIn({ reference: attachment.url ?? '' }, 'Binary') ?? [])
  return [what, ...(parts ?? []).map((part) => `Binary/${part}`)]
}

const BLOCKING = 'urn:oid:2.16.578.1.12.4.1.1.9603'

/** What a citizen may not see yet is not listed for them either (Volven 9603, all but the citizen's own NORS). */
const isTold = ({ meta }: DocumentReference): boolean =>
  (meta?.security ?? []).every(({ system, code }) => system !== BLOCKING || code === 'N' || code === 'NORS')

async function readChoices(deps: CitizenDeps, patient: string): Promise<readonly BlockChoice[]> {
  const { store, facts, people } = deps
  const [documents, contacts] = await Promise.all([
    store.findAll<DocumentReference>(`DocumentReference?patient=${patient}&_sort=-date&_count=100`),
    facts.contacts.ofPatients([patient]),
  ])
  const units = [...new Set(contacts.map(({ unit }) => unit))]
  const unitNames = await Promise.all(units.map((unit) => store.find<Location>('Location', unit)))
  const staff = new Set(contacts.flatMap(({ user }) => user ?? []))
  return [
    { kind: 'record', target: '', label: 'Hele journalen', at: null },
    ...documents.filter(isTold).map((document) => ({
      kind: 'document' as const,
      target: `DocumentReference/${document.id}`,
      label: document.description ?? document.content[0]?.attachment.title ?? wordOf(document.type),
      at: instantOf(document.date),
    })),
    ...units.map((unit, index) => ({
      kind: 'unit' as const,
      target: unit,
      label: `Opplysninger fra ${unitNames[index]?.name ?? unit}`,
      at: null,
    })),
    ...[...staff].map((user) => ({
      kind: 'employee' as const,
      target: user,
      label: `${people.findUser(user)?.name ?? 'Tidligere ansatt'} skal ikke se journalen`,
      at: null,
    })),
    ...Object.entries(professions)
      .filter(([code]) => code !== 'XX')
      .map(([code, name]) => ({
        kind: 'profession' as const,
        target: code,
        label: `Yrkesgruppen ${name.toLocaleLowerCase('nb')} skal ikke se journalen`,
        at: null,
      })),
  ]
}
