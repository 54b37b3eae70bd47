/**
 * One tab of the work surface: a patient, and the workspace that launches from this tab belong to.
 *
 * INVARIANT: a workspace never shows two patients. Switching patient inside a tab gives it a new one.
 */
export type PatientTab = { readonly patient: string; readonly workspace: string }

export type TabAction =
  | { readonly kind: 'open'; readonly patient: string; readonly workspace: string }
  | { readonly kind: 'close'; readonly patient: string }
  | { readonly kind: 'switch'; readonly from: string; readonly to: string; readonly workspace: string }
  | { readonly kind: 'close-all' }

export function reduceTabs(tabs: readonly PatientTab[], action: TabAction): readonly PatientTab[] {
  const isOpen = (patient: string) => tabs.some((tab) => tab.patient === patient)
  switch (action.kind) {
    case 'open':
      return isOpen(action.patient) ? tabs : [...tabs, { patient: action.patient, workspace: action.workspace }]
    case 'close':
      return tabs.filter(({ patient }) => patient !== action.patient)
    case 'switch':
      // A patient has one tab: switching to one that is already open only leaves the old patient.
      if (isOpen(action.to))
        return action.from === action.to ? tabs : tabs.filter(({ patient }) => patient !== action.from)
      return tabs.map((tab) =>
        tab.patient === action.from ? { patient: action.to, workspace: action.workspace } : tab,
      )
    case 'close-all':
      return []
  }
}

/** The tabs whose patient was left, and whose launches must end with that (contracts: patient switch and close). */
export const endedTabs = (before: readonly PatientTab[], after: readonly PatientTab[]): readonly PatientTab[] =>
  before.filter(({ workspace }) => !after.some((tab) => tab.workspace === workspace))

/** The tab that stands where a closed one stood, or none. */
export function neighbourOf(tabs: readonly PatientTab[], patient: string): string | undefined {
  const index = tabs.findIndex((tab) => tab.patient === patient)
  return (tabs[index + 1] ?? tabs[index - 1])?.patient
}
