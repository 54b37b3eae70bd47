import { parseStateCode, type StateCode } from '@uthopp/smart-core/scope/state-code'
import { badRequest, forbidden } from '#src/http/refusals.ts'

/** The two questions app state answers: about one subject, or about none. */
export type StateSearch = {
  readonly code: StateCode
  /** `undefined` for `subject:missing=true`. */
  readonly subject: string | undefined
}

const KNOWN = new Set(['code', 'subject', 'subject:missing', '_format'])

/** Reads the search of SAL-213 and SAL-219; nothing less exact is answered. */
export function readStateSearch(query: URLSearchParams): StateSearch {
  const names = [...query.keys()]
  if (!names.every((name) => KNOWN.has(name))) throw forbidden('app state is searched by `code` and `subject`')
  if (new Set(names).size !== names.length) throw badRequest('each parameter is given once')
  const code = parseStateCode(query.get('code') ?? '')
  if (code === undefined) throw badRequest('`code` is one `system|code`')
  const subject = query.get('subject')
  const missing = query.get('subject:missing')
  if (subject !== null && missing === null) return { code, subject }
  if (subject === null && missing === 'true') return { code, subject: undefined }
  throw badRequest('either `subject` or `subject:missing=true` is needed')
}
