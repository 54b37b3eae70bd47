import { CHART_PAGES, type ChartPage, type PatientView } from './address.ts'

/** The host's own pages of a patient, in the order of the bar. */
export const PAGE_NAMES: readonly (readonly [page: ChartPage, label: string])[] = [
  ['oversikt', 'Oversikt'],
  ['dokumenter', 'Dokumenter'],
  ['provesvar', 'Prøvesvar'],
  ['apper', 'Apper'],
]

/** What a tab in the patient's bar is called in the document. */
export const pageId = (view: PatientView): string => (view.kind === 'app' ? `app-${view.app}` : view.page)

export function parsePageId(id: string): PatientView {
  const page = CHART_PAGES.find((known) => known === id)
  return page === undefined ? { kind: 'app', app: id.replace(/^app-/, '') } : { kind: 'chart', page }
}
