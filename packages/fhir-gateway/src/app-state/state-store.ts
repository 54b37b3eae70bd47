/**
 * Where one app keeps state of one code about one person; an empty holder is everybody's, an empty code every code of the
 * system. Apps never share a drawer.
 */
export type Drawer = { readonly system: string; readonly code: string; readonly holder: string }

/** The place of one state in a drawer. */
export type StatePlace = Drawer & {
  /** The absolute reference as the app wrote it; empty for global state. */
  readonly subject: string
}

export type StoredState = {
  readonly id: string
  readonly version: number
  readonly updatedAt: Date
  /** What the app wrote, as JSON. */
  readonly content: string
}

/** A state as an app wants it to be. */
export type StateWish = { readonly place: StatePlace; readonly content: string; readonly now: Date }

/**
 * The state that apps of one trust keep here. Everything is done as one app, and what another app keeps cannot be told from
 * what nobody keeps.
 */
export interface StateStore {
  /**
   * Keeps a state under a fresh id, as version 1. Of several attempts at one place exactly one succeeds, the others hear that
   * something `exists` there; an app whose states about one holder are too many hears that this is `full`.
   */
  create(clientId: string, wish: StateWish): Promise<StoredState | 'exists' | 'full'>
  /**
   * Replaces one version of one state at its place by the next. `undefined` when that is not what is kept there: gone, stale,
   * moved, another app's and never there are one answer. Of several attempts on one version exactly one succeeds.
   */
  update(clientId: string, id: string, version: number, wish: StateWish): Promise<StoredState | undefined>
  /** Forgets one version of a state that lies in one of the drawers; false when none does. */
  remove(clientId: string, id: string, version: number, drawers: readonly Drawer[]): Promise<boolean>
  find(clientId: string, place: StatePlace): Promise<StoredState | undefined>
}
