import type { PatientChart } from '../api/overview.ts'

type Closable = Pick<PatientChart, 'closed' | 'learning'>

const LEARNING = 'Egen læring viser bare tidligere opphold ved enheten din.'

/** What stands where there is nothing to show: never that a patient has none of what this role may not see. */
export function formatEmpty({ closed, learning }: Closable, type: string, words: string): string {
  if (learning) return LEARNING
  return closed.includes(type) ? 'Rollen din har ikke tilgang til disse opplysningene.' : words
}

/** Allergies and warnings are two kinds of data, and a role may see one without the other. */
export function formatNothingCritical({ closed, learning }: Closable): string {
  if (learning) return 'Allergier og kritisk informasjon vises ikke ved egen læring.'
  const [allergies, warnings] = [!closed.includes('AllergyIntolerance'), !closed.includes('Flag')]
  if (allergies && warnings) return 'Ingen allergier eller kritisk informasjon å vise.'
  if (allergies) return 'Ingen allergier å vise. Rollen din har ikke tilgang til annen kritisk informasjon.'
  if (warnings) return 'Ingen kritisk informasjon å vise. Rollen din har ikke tilgang til allergier.'
  return 'Rollen din har ikke tilgang til allergier og kritisk informasjon.'
}
