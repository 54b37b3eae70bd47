import { useCallback, useState } from 'react'
import type { HostClient } from '../api/client.ts'

/** An app opened for the whole unit, and the workspace its launch belongs to. */
export type UnitTab = { readonly app: string; readonly workspace: string }

export type UnitTabs = {
  readonly tabs: readonly UnitTab[]
  readonly open: (app: string) => void
  readonly close: (tab: UnitTab) => void
}

/** The unit's open apps. Closing one ends its launch. */
export function useUnitTabs(client: HostClient): UnitTabs {
  const [tabs, setTabs] = useState<readonly UnitTab[]>([])
  const open = useCallback((app: string) => {
    setTabs((open) => (open.some((tab) => tab.app === app) ? open : [...open, { app, workspace: crypto.randomUUID() }]))
  }, [])
  const close = useCallback(
    (closed: UnitTab) => {
      setTabs((open) => open.filter((tab) => tab !== closed))
      void client.endLaunches({ workspace: closed.workspace })
    },
    [client],
  )
  return { tabs, open, close }
}
