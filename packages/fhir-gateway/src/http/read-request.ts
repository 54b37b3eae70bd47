import type { Context } from 'koa'
import { FHIR_BODY_LIMIT, readRaw } from '@uthopp/server-kit/body'
import { badRequest, notAcceptable, unsupportedType } from '#src/http/refusals.ts'
import { isShallow } from '#src/fhir/references.ts'
import { holdsOnlyText, parseJson } from '#src/json.ts'

const RESOURCE_TYPES = ['application/fhir+json', 'application/json']
const PATCH_TYPE = 'application/json-patch+json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/** 406 for a client that takes no JSON; a wildcard, a browser's list or no wish at all is answered with JSON. */
export function requireJsonAccepted(ctx: Context): void {
  const format = ctx.URL.searchParams.get('_format')
  if (format !== null) {
    // A plus in a query is a space to a form reader and a plus to the client who wrote `application/fhir+json`.
    if (!/^(?:json|text\/json|application\/(?:fhir[+ ])?json)(?:$|;)/i.test(format.trim())) throw notAcceptable()
    return
  }
  const accept = ctx.get('accept')
  if (accept === '') return
  const wishes = accept.split(',').map((wish) => wish.trim().toLowerCase())
  const acceptable = wishes.some((wish) => {
    const [type = '', ...parameters] = wish.split(';').map((part) => part.trim())
    const refused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
    return !refused && (type === '*/*' || type === 'application/*' || RESOURCE_TYPES.includes(type))
  })
  if (!acceptable) throw notAcceptable()
}

/** The JSON a write carries: a resource, or for PATCH a JSON Patch. */
export async function readFhirBody(ctx: Context, limit = FHIR_BODY_LIMIT): Promise<unknown> {
  const expected = ctx.method === 'PATCH' ? [PATCH_TYPE] : RESOURCE_TYPES
  if (!expected.includes(mediaType(ctx))) throw unsupportedType(`expected ${expected.join(' or ')}`)
  const text = await readUtf8(ctx, limit)
  const value = isShallow(text) ? parseJson(text) : undefined
  if (value === undefined || !holdsOnlyText(value)) throw badRequest('the body is not the JSON expected here')
  return value
}

/** The form a search by POST carries, as it was written. */
export async function readSearchForm(ctx: Context): Promise<string> {
  if (mediaType(ctx) !== FORM_TYPE) throw unsupportedType(`expected ${FORM_TYPE}`)
  return readUtf8(ctx, FHIR_BODY_LIMIT)
}

async function readUtf8(ctx: Context, limit: number): Promise<string> {
  const bytes = await readRaw(ctx, { limit })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badRequest('the body is not valid UTF-8')
  }
}

const mediaType = (ctx: Context): string => (ctx.get('content-type').split(';')[0] ?? '').trim().toLowerCase()
