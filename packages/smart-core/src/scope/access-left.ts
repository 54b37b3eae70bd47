import { isProblem } from '../problem.ts'
import { parseScope } from './scope.ts'

/** Scopes that say who and where, or how long, and open nothing by themselves. */
const OPENS_NOTHING: ReadonlySet<string> = new Set(['identity', 'launch', 'launch-context', 'refresh'])

/** True when a token with these scopes could be used for anything but knowing who is there. */
export const opensAnything = (granted: readonly string[]): boolean =>
  granted.some((text) => {
    const scope = parseScope(text)
    return !isProblem(scope) && !OPENS_NOTHING.has(scope.kind)
  })
