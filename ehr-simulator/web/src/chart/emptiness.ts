import type { PatientChart } from '../api/overview.ts'

type Closable = Pick<PatientChart, 'closed'>

/** What stands where there is nothing to show: never that a patient has none of what this role may not see. */
export const formatEmpty = ({ closed }: Closable, type: string, words: string): string =>
  closed.includes(type) ? 'Rollen din har ikke tilgang til disse opplysningene.' : words

/** Allergies and warnings are two kinds of data, and a role may see one without the other. */
export function formatNothingCritical({ closed }: Closable): string {
  const [allergies, warnings] = [!closed.includes('AllergyIntolerance'), !closed.includes('Flag')]
  if (allergies && warnings) return 'Ingen allergier eller kritisk informasjon å vise.'
  if (allergies) return 'Ingen allergier å vise. Rollen din har ikke tilgang til annen kritisk informasjon.'
  if (warnings) return 'Ingen kritisk informasjon å vise. Rollen din har ikke tilgang til allergier.'
  return 'Rollen din har ikke tilgang til allergier og kritisk informasjon.'
}
