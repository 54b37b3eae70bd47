import type { PatientTab } from './tabs.ts'

const KEY = 'uthopp.tabs'

/** Session storage of this browser tab: open patients survive a reload, with the workspaces their launches belong to. */
type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** What was kept is somebody's bytes: anything unexpected is no tabs at all. */
export function readKeptTabs(shelf: Shelf, person: string, role: string): readonly PatientTab[] {
  try {
    const kept: unknown = JSON.parse(shelf.getItem(KEY) ?? 'null')
    if (!isKept(kept) || kept.person !== person || kept.role !== role) return []
    return kept.tabs.map(({ patient, workspace }) => ({ patient, workspace }))
  } catch {
    return [] // unreadable or blocked storage: start with no open patients
  }
}

export function keepTabs(shelf: Shelf, person: string, role: string, tabs: readonly PatientTab[]): void {
  try {
    if (tabs.length === 0) shelf.removeItem(KEY)
    else shelf.setItem(KEY, JSON.stringify({ person, role, tabs }))
  } catch {
    // Blocked storage costs only the memory across reloads.
  }
}

type Kept = { readonly person: string; readonly role: string; readonly tabs: readonly PatientTab[] }

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { person, role, tabs } = value as { person?: unknown; role?: unknown; tabs?: unknown } // each is checked below
  return typeof person === 'string' && typeof role === 'string' && Array.isArray(tabs) && tabs.every(isTab)
}

function isTab(value: unknown): value is PatientTab {
  if (typeof value !== 'object' || value === null) return false
  const { patient, workspace } = value as { patient?: unknown; workspace?: unknown } // each is checked below
  return typeof patient === 'string' && typeof workspace === 'string'
}
