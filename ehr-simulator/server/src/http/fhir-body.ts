import type { AppContext } from '@uthopp/server-kit/http-app'
import { FHIR_BODY_LIMIT, readJson, readRaw } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'

const JSON_TYPES = ['application/fhir+json', 'application/json']
const FORM = 'application/x-www-form-urlencoded'

/** JSON in every spelling R4 http.html#mime-type allows; this server speaks nothing else. */
export function requireJsonWanted(ctx: AppContext): void {
  const format = ctx.URL.searchParams.get('_format')
  if (format !== null) {
    if (
      !['json', 'application/json', 'application/fhir+json', 'text/json', '*/*'].includes(
        format.split(';')[0]?.trim() ?? '',
      )
    ) {
      refuse(406, 'not_acceptable', 'only JSON is offered')
    }
    return
  }
  const accepted = ctx.get('accept')
  if (accepted === '') return
  const ranges = accepted.split(',').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase())
  const fits = ranges.some((range) => ['*/*', 'application/*', ...JSON_TYPES].includes(range))
  if (!fits) refuse(406, 'not_acceptable', 'only JSON is offered')
}

/** Deeper than any resource is; a body of nothing but brackets would exhaust the stack of whoever walks through it. */
const DEEPEST = 100

/**
 * QUIRK(@medplum/core): its validator takes a member called `constructor` or `toString` for a known one, since every object
 * inherits it. Delete when it looks at own members only.
 */
const namesInherited = (value: object): boolean => Object.keys(value).some((name) => name in Object.prototype)

/** Refuses bodies that are made to break their readers: too deep, or with a member that means something to JavaScript. */
function requireHonest(json: unknown): unknown {
  let level: readonly unknown[] = [json]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) refuse(400, 'invalid_request', 'the body is nested too deep')
    const objects = level.filter((value) => typeof value === 'object' && value !== null)
    if (objects.some(namesInherited)) refuse(400, 'invalid_request', 'no FHIR element has that name')
    level = objects.flatMap((value) => Object.values(value))
  }
  return json
}

const readFhirJson = async (ctx: AppContext): Promise<unknown> =>
  requireHonest(await readJson(ctx, { limit: FHIR_BODY_LIMIT, types: JSON_TYPES }))

/** What the request carries: a resource, or the parsed form of a search. */
export async function readFhirBody(ctx: AppContext): Promise<unknown> {
  if (ctx.method === 'PUT') return readFhirJson(ctx)
  if (ctx.method !== 'POST') return undefined
  if (!ctx.path.endsWith('/_search')) return readFhirJson(ctx)
  if (ctx.get('content-type') === '' && !(Number(ctx.get('content-length')) > 0)) return new URLSearchParams() // nothing more than the address says
  const form = await readRaw(ctx, { limit: FHIR_BODY_LIMIT, types: [FORM] })
  return new URLSearchParams(form.toString('utf8'))
}
