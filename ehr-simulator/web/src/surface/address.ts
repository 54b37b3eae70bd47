import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'

/** The pages inside an open patient that are the host's own. */
export const CHART_PAGES = ['oversikt', 'dokumenter', 'provesvar', 'apper'] as const
export type ChartPage = (typeof CHART_PAGES)[number]

export type PatientView =
  | { readonly kind: 'chart'; readonly page: ChartPage }
  | { readonly kind: 'app'; readonly app: string }

/** Where on the work surface one stands. Lives in the fragment: ids only, never names or secrets. */
export type Address =
  | { readonly kind: 'list' }
  | { readonly kind: 'find' }
  | { readonly kind: 'control' }
  | { readonly kind: 'unit'; readonly app: string }
  | { readonly kind: 'patient'; readonly patient: string; readonly view: PatientView }

/** Client ids of apps; anything else in the fragment is somebody's typing and leads to the list. */
const APP = /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/

export function parseAddress(fragment: string): Address {
  const [place, id, page, app] = fragment.replace(/^#?\/?/, '').split('/')
  if (place === 'finn') return { kind: 'find' }
  if (place === 'kontroll') return { kind: 'control' }
  if (id === undefined) return { kind: 'list' }
  if (place === 'enhet' && APP.test(id)) return { kind: 'unit', app: id }
  if (place !== 'pasient' || isProblem(parseFhirId(id))) return { kind: 'list' }
  if (page === 'app' && app !== undefined && APP.test(app)) {
    return { kind: 'patient', patient: id, view: { kind: 'app', app } }
  }
  const chart = CHART_PAGES.find((known) => known === page) ?? 'oversikt'
  return { kind: 'patient', patient: id, view: { kind: 'chart', page: chart } }
}

export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'list':
      return '#/pasienter'
    case 'find':
      return '#/finn'
    case 'control':
      return '#/kontroll'
    case 'unit':
      return `#/enhet/${address.app}`
    case 'patient':
      return address.view.kind === 'app'
        ? `#/pasient/${address.patient}/app/${address.view.app}`
        : `#/pasient/${address.patient}/${address.view.page}`
  }
}
