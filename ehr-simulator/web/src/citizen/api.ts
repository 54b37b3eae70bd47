import { createAsk, type Answer } from '../api/client.ts'
import { instant, listOf, nullable, number, oneOf, record, text, type Reader } from '../api/read.ts'
import { readDoor, readTrust, type DoorFace, type TrustFace } from '../api/session.ts'

export type CitizenSession = { readonly trust: TrustFace; readonly name: string }

/** One look into the record, in the words the patient reads. */
export type LookFace = {
  readonly id: string
  readonly from: Date
  readonly to: Date
  readonly who: string
  readonly profession: string
  readonly role: string
  readonly organization: string
  readonly department: string
  readonly what: string
  readonly times: number
  readonly purpose: string
  readonly ground: string | null
  /** Somebody's own words for why. */
  readonly reason: string
  readonly source: string
  readonly kind: 'ordinary' | 'emergency' | 'glass' | 'refused'
}
/** `older`: where the next page begins; null after the oldest look. */
export type LogFace = { readonly now: Date; readonly older: string | null; readonly looks: readonly LookFace[] }

const KIND = oneOf('record', 'document', 'unit', 'employee', 'profession')
export type BlockKind = 'record' | 'document' | 'unit' | 'employee' | 'profession'
export type BlockFace = {
  readonly id: string
  readonly kind: BlockKind
  readonly label: string
  readonly at: Date | null
}
export type BlockChoice = {
  readonly kind: BlockKind
  readonly target: string
  readonly label: string
  readonly at: Date | null
}
export type BlocksFace = { readonly blocks: readonly BlockFace[]; readonly choices: readonly BlockChoice[] }

/** Everything the citizens' pages ask their server. Whose record it is follows from who is signed in. */
export type CitizenClient = {
  door(): Promise<Answer<DoorFace>>
  session(): Promise<Answer<CitizenSession>>
  signIn(username: string, password: string): Promise<Answer<CitizenSession>>
  signOut(): Promise<Answer<null>>
  log(cursor: string | null): Promise<Answer<LogFace>>
  blocks(): Promise<Answer<BlocksFace>>
  block(what: Pick<BlockChoice, 'kind' | 'target'>): Promise<Answer<null>>
  lift(block: string): Promise<Answer<null>>
}

const nothing: Reader<null> = () => null
const readSession: Reader<CitizenSession> = record<CitizenSession>({ trust: readTrust, name: text })
export const readLog: Reader<LogFace> = record<LogFace>({
  now: instant,
  older: nullable(text),
  looks: listOf(
    record<LookFace>({
      id: text,
      from: instant,
      to: instant,
      who: text,
      profession: text,
      role: text,
      organization: text,
      department: text,
      what: text,
      times: number,
      purpose: text,
      ground: nullable(text),
      reason: text,
      source: text,
      kind: oneOf('ordinary', 'emergency', 'glass', 'refused'),
    }),
  ),
})
export const readBlocks: Reader<BlocksFace> = record<BlocksFace>({
  blocks: listOf(record<BlockFace>({ id: text, kind: KIND, label: text, at: nullable(instant) })),
  choices: listOf(record<BlockChoice>({ kind: KIND, target: text, label: text, at: nullable(instant) })),
})

export function createCitizenClient(fetcher: typeof fetch, base: string): CitizenClient {
  const ask = createAsk(fetcher, base)
  return {
    door: () => ask('trust', readDoor),
    session: () => ask('session', readSession),
    signIn: (username, password) => ask('session', readSession, { username, password }),
    signOut: () => ask('session/end', nothing, {}),
    log: (cursor) => ask(cursor === null ? 'log' : `log?cursor=${encodeURIComponent(cursor)}`, readLog),
    blocks: () => ask('blocks', readBlocks),
    block: ({ kind, target }) => ask('blocks', nothing, { kind, target }),
    lift: (block) => ask('blocks/lift', nothing, { block }),
  }
}
