/** The page's own first path segment names the trust; the work surface knows no other. */
export function parseTrustPath(pathname: string): string | undefined {
  return /^\/(\d{9})(?:\/|$)/.exec(pathname)?.[1]
}
