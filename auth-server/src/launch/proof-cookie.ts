/** The server decides expiry; this only tidies the browser (`launch-binding.md` §1). */
const MAX_AGE_SECONDS = 300

// Of all attribute sets only this one works in every placement of EHR, authorization server and app; `__Host-` keeps sibling
// hosts from planting a proof (`launch-binding.md` §1, §2). Clearing needs the same attributes, all of them (§4).
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=None; Partitioned'

/** One cookie a launch, named for the public launch id: a shared name would leave one survivor of many launches. */
const cookieName = (launchId: string): string => `__Host-launch-${launchId}`

export const plantProof = (launchId: string, proof: string): string =>
  `${cookieName(launchId)}=${proof}; Max-Age=${MAX_AGE_SECONDS}; ${ATTRIBUTES}`

export const clearProof = (launchId: string): string => `${cookieName(launchId)}=; Max-Age=0; ${ATTRIBUTES}`

/**
 * Finds the proof this browser holds for a launch.
 * A name that comes twice is no proof: somebody else may have planted one of them.
 */
export function readProof(cookieHeader: string | undefined, launchId: string): string | undefined {
  const prefix = `${cookieName(launchId)}=`
  const found = (cookieHeader ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
  const [only, second] = found
  return only === undefined || second !== undefined ? undefined : only.slice(prefix.length)
}
