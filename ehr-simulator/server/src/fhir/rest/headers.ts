import { badRequest } from '../outcome.ts'

/** The version an `If-Match` names (R4 http.html#concurrency), or undefined without one. An unreadable one is refused, not ignored. */
export function ifMatchVersion(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined
  const version = /^(?:W\/)?"?(?<version>[A-Za-z0-9\-.]{1,64})"?$/.exec(header.trim())?.groups?.['version']
  if (version === undefined) throw badRequest('`If-Match` is of the form W/"version"')
  return version
}

export const etagOf = (versionId: string): string => `W/"${versionId}"`

/** What a client wants back after a write (R4 http.html#ops). */
export function preferredReturn(header: string): 'minimal' | 'representation' | 'OperationOutcome' {
  const wanted = /(?:^|[,;\s])return=(?<what>minimal|representation|OperationOutcome)(?:$|[,;\s])/.exec(header)
    ?.groups?.['what']
  return wanted === 'minimal' || wanted === 'OperationOutcome' ? wanted : 'representation'
}
