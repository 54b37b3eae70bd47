/** A member of staff as the host knows them now; whoever has left is known by their id alone. */
export type StaffName = {
  readonly family: string | null
  readonly given: string | null
  readonly nationalId: string | null
  readonly hpr: string | null
  /** Volven 9060, with its Norwegian word. */
  readonly profession: { readonly code: string; readonly text: string } | null
}

/** A unit, department or trust. `enh` is an organisation number, `resh` a number of the RESH register. */
export type PlaceName = {
  readonly id: string
  readonly name: string
  readonly enh: string | null
  readonly resh: string | null
}

/** What stands behind the id of a role at the moment of reading. */
export type RoleName = {
  readonly title: string | null
  readonly department: PlaceName | null
  readonly location: PlaceName | null
}

export type PatientName = { readonly family: string | null; readonly given: string | null }

/**
 * The names that belong to the ids of a record, looked up when somebody reads it: the log itself holds none, so a person who
 * changes their name or leaves is not in it, and what a reader may see is decided when they read.
 */
export type AuditNames = {
  readonly staff: (user: string) => StaffName | undefined
  readonly role: (role: string) => RoleName | undefined
  readonly patient: (patient: string) => PatientName | undefined
  readonly client: (clientId: string) => string | undefined
  readonly legalEntity: PlaceName
  /** The system that reports, and its id in `Device/…`. */
  readonly source: { readonly site: string; readonly device: string }
  /** Words of a decision template. */
  readonly template: (template: string) => string | undefined
}

/** Who reads. Only a reader who is entitled to them gets the numbers of staff; a patient never does (norway.md §5.3.4). */
export type Reader = 'entitled' | 'patient'
