import { type Problem, isProblem, problem } from '../problem.ts'

/** One `name=value` of a query or form, decoded. */
export type QueryParam = readonly [name: string, value: string]

/** More parameters or a longer text than this serve nobody's search. */
const LONGEST_QUERY = 32_768
const MOST_PARAMS = 200

/** Decodes `application/x-www-form-urlencoded`; broken encodings and control characters are problems, not guesses. */
export function parseQuery(text: string): readonly QueryParam[] | Problem {
  if (text.length > LONGEST_QUERY) return problem(text, 'the query is too long')
  const pieces = text.split('&').filter((piece) => piece !== '')
  if (pieces.length > MOST_PARAMS) return problem(text, 'too many parameters')
  const params: QueryParam[] = []
  for (const piece of pieces) {
    const equals = piece.indexOf('=')
    const name = formDecoded(equals < 0 ? piece : piece.slice(0, equals))
    const value = formDecoded(equals < 0 ? '' : piece.slice(equals + 1))
    if (isProblem(name)) return name
    if (isProblem(value)) return value
    params.push([name, value])
  }
  return params
}

/** The inverse of `parseQuery`, encoding everything a server in between might read differently. */
export function formatQuery(params: readonly QueryParam[]): string {
  return params.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
}

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/

function formDecoded(text: string): string | Problem {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    return CONTROL.test(decoded) || !decoded.isWellFormed() ? problem(text, 'control characters in the query') : decoded
  } catch {
    return problem(text, 'broken percent-encoding')
  }
}
