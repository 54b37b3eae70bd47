import { useCallback, useSyncExternalStore } from 'react'
import { formatAddress, parseAddress, type Address } from './address.ts'

const subscribe = (changed: () => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

/** The place on the work surface, which the fragment of the address holds so that links and «back» work. */
export function useAddress(): readonly [Address, (address: Address) => void] {
  const fragment = useSyncExternalStore(subscribe, () => window.location.hash)
  const go = useCallback((address: Address) => {
    window.location.hash = formatAddress(address)
  }, [])
  return [parseAddress(fragment), go]
}
