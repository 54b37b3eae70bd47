import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 900px)')

function subscribe(onChange: () => void): () => void {
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** True in a tile too small to hold images and text side by side. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
