import type { TrustFace } from '../api/session.ts'

/** Nobody may take the demo world for a hospital. */
export function WorldNotice({ world }: { readonly world: TrustFace['world'] }) {
  return world === 'demo' ? <p className="world-notice">Testmiljø – kun syntetiske data</p> : null
}
