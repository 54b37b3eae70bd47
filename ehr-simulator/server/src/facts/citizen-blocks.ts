import { isProblem } from '@uthopp/smart-core/problem'
import { parseBlockTarget, type PatientBlock } from './blocks.ts'
import type { CareRooms } from './care-facts.ts'
import { refused } from './self-authorize.ts'
import type { Tell } from './storage/tell.ts'

type Rooms = Pick<CareRooms, 'blocks' | 'hasPatient' | 'now'>
const MOST_BLOCKS = 100

export const blocksOf = ({ blocks }: Rooms, patient: string): Promise<readonly PatientBlock[]> =>
  blocks.ofPatients([patient])

export type OwnBlock = {
  readonly patient: string
  readonly kind: string
  /** All that is closed together: a document, and the bytes it consists of. */
  readonly parts: readonly { readonly id: string; readonly target: string }[]
}

/** Blocks something in the patient's own record, whole or not at all (pasientjournalloven §17). */
export async function setBlock(
  rooms: Rooms,
  { patient, kind, parts }: OwnBlock,
  tell: Tell,
): Promise<
  | { readonly kind: 'set' }
  | { readonly kind: 'refused'; readonly code: 'patient_not_known' | 'block_not_possible' | 'blocked_already' }
> {
  if (!(await rooms.hasPatient(patient))) return refused('patient_not_known')
  const standing = await rooms.blocks.ofPatients([patient])
  const blocks: PatientBlock[] = []
  for (const { id, target } of parts) {
    const what = parseBlockTarget(kind, target)
    if (isProblem(what)) return refused('block_not_possible')
    if (!standing.some((each) => each.kind === what.kind && each.target === what.target))
      blocks.push({ id, patient, ...what })
  }
  if (blocks.length === 0) return refused('blocked_already')
  if (standing.length + blocks.length > MOST_BLOCKS) return refused('block_not_possible')
  return (await rooms.blocks.add(blocks, rooms.now(), tell)) ? { kind: 'set' } : refused('block_not_possible')
}

/** Lifts the patient's own blocks in one moment; another patient's is as unknown as none. */
export async function liftBlock(
  rooms: Rooms,
  { patient, ids }: { readonly patient: string; readonly ids: readonly string[] },
  tell: Tell,
): Promise<{ readonly kind: 'lifted' } | { readonly kind: 'refused'; readonly code: 'block_not_known' }> {
  const own = (await rooms.blocks.ofPatients([patient])).filter(({ id }) => ids.includes(id))
  const lifted = await rooms.blocks.lift(
    own.map(({ id }) => id),
    rooms.now(),
    tell,
  )
  return lifted === 0 ? refused('block_not_known') : { kind: 'lifted' }
}
