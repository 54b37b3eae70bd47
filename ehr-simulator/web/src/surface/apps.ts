import type { AppFace } from '../api/session.ts'

/** What a clinician reads on a tile before opening it. The platform knows no app; these words are the host's own. */
type Words = { readonly about: string; readonly unitName: string | null }

const KNOWN: ReadonlyMap<string, Words> = new Map([
  ['pacs-viewer', { about: 'Tidslinje over undersøkelser, bilder og røntgensvar', unitName: null }],
  ['nutrition', { about: 'Ernæringsrisiko, vektkurve, inntak mot behov, kost og allergener', unitName: null }],
  ['bliksund-live', { about: 'Løpende journal og målinger fra ambulansen', unitName: 'Innkommende' }],
  ['multimonitor', { about: 'Kurver, 12-avlednings-EKG og målinger fra multimonitor', unitName: null }],
  ['orders-results', { about: 'Mine bestillinger, nye svar og kumulativ tabell', unitName: null }],
  ['mypath', { about: 'Pasientrapporterte symptomer, mål og tiltak i kreftforløpet', unitName: null }],
])

const wordsOf = (app: AppFace): Words => KNOWN.get(app.id) ?? { about: 'App fra ekstern leverandør', unitName: null }

export const aboutApp = (app: AppFace): string => wordsOf(app).about
/** The name of an app's tab when it is opened for the whole unit. */
export const unitNameOf = (app: AppFace): string => wordsOf(app).unitName ?? app.name
export const offeredIn = (apps: readonly AppFace[], context: 'patient' | 'unit'): readonly AppFace[] =>
  apps.filter(({ contexts }) => contexts.includes(context))
