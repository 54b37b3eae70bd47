import type { PatientChart } from '../api/overview.ts'

type Closable = Pick<PatientChart, 'closed' | 'learning'>

const LEARNING = 'Egen læring viser bare tidligere opphold ved enheten din.'

/** Said wherever nothing is shown, of every patient alike: so it tells of no block, and nobody takes one for "there is none". */
const MAY_BE_BLOCKED = 'Pasienten kan ha sperret opplysninger.'

/** What stands where there is nothing to show: never that a patient has none of it. */
export function formatEmpty({ closed, learning }: Closable, type: string, words: string): string {
  if (learning) return LEARNING
  return closed.includes(type)
    ? 'Grunnlaget eller rollen din gir ikke tilgang til disse opplysningene.'
    : `${words} ${MAY_BE_BLOCKED}`
}

/** Allergies and warnings are two kinds of data, and a role may see one without the other. */
export function formatNothingCritical({ closed, learning }: Closable): string {
  if (learning) return 'Allergier og kritisk informasjon vises ikke ved egen læring.'
  const [allergies, warnings] = [!closed.includes('AllergyIntolerance'), !closed.includes('Flag')]
  if (allergies && warnings) return `Ingen allergier eller kritisk informasjon å vise. ${MAY_BE_BLOCKED}`
  if (allergies) return 'Ingen allergier å vise. Rollen din har ikke tilgang til annen kritisk informasjon.'
  if (warnings) return 'Ingen kritisk informasjon å vise. Rollen din har ikke tilgang til allergier.'
  return 'Rollen din har ikke tilgang til allergier og kritisk informasjon.'
}
