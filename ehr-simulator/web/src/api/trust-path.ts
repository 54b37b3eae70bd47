/** The page's own first path segment names the trust; the work surface knows no other. */
export function parseTrustPath(pathname: string): string | undefined {
  return /^\/(\d{9})(?:\/|$)/.exec(pathname)?.[1]
}

/** The citizens' pages stand in a folder of their own below the trust. */
export const isCitizenPath = (pathname: string): boolean => /^\/\d{9}\/innbygger(?:\/|$)/.test(pathname)
