import { boolean, listOf, nullable, oneOf, record, text, type Reader } from './read.ts'

/** What anybody may know before signing in. */
export type TrustFace = {
  readonly orgnr: string
  readonly name: string
  readonly shortName: string
  readonly world: 'demo' | 'production'
}

/** The trust, and whether this browser has a session there. */
export type DoorFace = TrustFace & { readonly signedIn: boolean }

export type RoleFace = {
  readonly id: string
  readonly name: string
  readonly organization: string
  readonly unit: string
  /** Goes through what the unit's people gave themselves access to. */
  readonly controls: boolean
}

/** An app the active role may open here. */
export type AppFace = {
  readonly id: string
  readonly name: string
  readonly contexts: readonly ('patient' | 'unit')[]
}

/** Who is signed in, as which role. No role is chosen yet when `role` is null. */
export type SessionFace = {
  readonly trust: TrustFace
  readonly person: { readonly id: string; readonly family: string; readonly given: string; readonly profession: string }
  readonly roles: readonly RoleFace[]
  readonly role: RoleFace | null
  readonly apps: readonly AppFace[]
  /** True when this is the person's only role, so there is nothing to choose. */
  readonly onlyRole: boolean
}

export const readTrust: Reader<TrustFace> = record<TrustFace>({
  orgnr: text,
  name: text,
  shortName: text,
  world: oneOf('demo', 'production'),
})

export const readDoor: Reader<DoorFace> = record<DoorFace>({
  orgnr: text,
  name: text,
  shortName: text,
  world: oneOf('demo', 'production'),
  signedIn: boolean,
})

const readRole = record<RoleFace>({ id: text, name: text, organization: text, unit: text, controls: boolean })

export const readSession: Reader<SessionFace> = record<SessionFace>({
  trust: readTrust,
  person: record<SessionFace['person']>({ id: text, family: text, given: text, profession: text }),
  roles: listOf(readRole),
  role: nullable(readRole),
  apps: listOf(record<AppFace>({ id: text, name: text, contexts: listOf(oneOf('patient', 'unit')) })),
  onlyRole: boolean,
})
