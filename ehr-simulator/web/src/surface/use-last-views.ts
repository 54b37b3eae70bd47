import { useCallback, useEffect, useRef } from 'react'
import type { Address, PatientView } from './address.ts'

const OVERVIEW: PatientView = { kind: 'chart', page: 'oversikt' }

/** Where one was in each open patient, so that coming back to a tab is coming back to its page. */
export function useLastViews(address: Address): (patient: string) => Address {
  const views = useRef(new Map<string, PatientView>())
  useEffect(() => {
    if (address.kind === 'patient') views.current.set(address.patient, address.view)
  }, [address])
  return useCallback((patient) => ({ kind: 'patient', patient, view: views.current.get(patient) ?? OVERVIEW }), [])
}
