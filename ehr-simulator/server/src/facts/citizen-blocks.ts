import { isProblem } from '@uthopp/smart-core/problem'
import { parseBlockTarget, type PatientBlock } from './blocks.ts'
import type { CareRooms } from './care-facts.ts'
import { refused } from './self-authorize.ts'

type Rooms = Pick<CareRooms, 'blocks' | 'hasPatient' | 'now'>
const MOST_BLOCKS = 100

export const blocksOf = ({ blocks }: Rooms, patient: string): Promise<readonly PatientBlock[]> =>
  blocks.ofPatients([patient])

/** Blocks something in the patient's own record (pasientjournalloven §17). */
export async function setBlock(
  rooms: Rooms,
  {
    id,
    patient,
    kind,
    target,
  }: { readonly id: string; readonly patient: string; readonly kind: string; readonly target: string },
): Promise<
  | { readonly kind: 'set'; readonly block: PatientBlock }
  | { readonly kind: 'refused'; readonly code: 'patient_not_known' | 'block_not_possible' | 'blocked_already' }
> {
  if (!(await rooms.hasPatient(patient))) return refused('patient_not_known')
  const what = parseBlockTarget(kind, target)
  const standing = await rooms.blocks.ofPatients([patient])
  if (isProblem(what) || standing.length >= MOST_BLOCKS) return refused('block_not_possible')
  if (standing.some((each) => each.kind === what.kind && each.target === what.target)) return refused('blocked_already')
  const block: PatientBlock = { id, patient, ...what }
  return (await rooms.blocks.add(block, rooms.now())) ? { kind: 'set', block } : refused('block_not_possible')
}

/** Lifts one of the patient's own blocks; another patient's is as unknown as none. */
export async function liftBlock(
  rooms: Rooms,
  { patient, id }: { readonly patient: string; readonly id: string },
): Promise<
  | { readonly kind: 'lifted'; readonly block: PatientBlock }
  | { readonly kind: 'refused'; readonly code: 'block_not_known' }
> {
  const block = (await rooms.blocks.ofPatients([patient])).find((each) => each.id === id)
  if (block === undefined || !(await rooms.blocks.lift(id, rooms.now()))) return refused('block_not_known')
  return { kind: 'lifted', block }
}
