import { useCallback, useEffect, useRef, useState } from 'react'
import type { HostClient } from '../api/client.ts'
import { keepTabs, readKeptTabs } from './kept-tabs.ts'
import { endedTabs, reduceTabs, type PatientTab, type TabAction } from './tabs.ts'

/** The open patients. Whatever a change leaves without a tab is told to the server, which ends its launches. */
export function useTabs(
  client: HostClient,
  person: string,
  role: string,
): readonly [readonly PatientTab[], (action: TabAction) => void] {
  const [tabs, setTabs] = useState<readonly PatientTab[]>(() => readKeptTabs(window.sessionStorage, person, role))
  const latest = useRef(tabs)
  const act = useCallback(
    (action: TabAction) => {
      const before = latest.current
      const after = reduceTabs(before, action)
      latest.current = after
      setTabs(after)
      const switched = action.kind === 'switch'
      for (const { patient, workspace } of endedTabs(before, after))
        void client.endLaunches({ workspace, patient, switched })
    },
    [client],
  )
  useEffect(() => keepTabs(window.sessionStorage, person, role, tabs), [person, role, tabs])
  return [tabs, act]
}
