import type { Concerned } from '#src/launch/events.ts'
import type { Person } from '#src/directory/directory.ts'

/** Somebody who signed in here, before it is known what for. */
export const concernedBy = (person: Person): Concerned => ({
  asker: {
    kind: person.kind === 'citizen' ? 'citizen' : 'clinician',
    user: person.id,
    role: null,
    patient: person.kind === 'citizen' ? person.id : null,
    purpose: null,
    decision: null,
  },
})
