import type { AppContext } from '@uthopp/server-kit/http-app'
import { FHIR_BODY_LIMIT, readJson, readRaw } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'

const JSON_TYPES = ['application/fhir+json', 'application/json']
const PATCH_TYPES = ['application/json-patch+json', ...JSON_TYPES]
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

/** What the request carries: a resource, a patch, or the parsed form of a search. */
export async function readFhirBody(ctx: AppContext): Promise<unknown> {
  if (ctx.method === 'PATCH') return readJson(ctx, { limit: FHIR_BODY_LIMIT, types: PATCH_TYPES })
  if (ctx.method === 'PUT') return readJson(ctx, { limit: FHIR_BODY_LIMIT, types: JSON_TYPES })
  if (ctx.method !== 'POST') return undefined
  if (!ctx.path.endsWith('/_search')) return readJson(ctx, { limit: FHIR_BODY_LIMIT, types: JSON_TYPES })
  if (ctx.get('content-type') === '' && !(Number(ctx.get('content-length')) > 0)) return new URLSearchParams() // nothing more than the address says
  const form = await readRaw(ctx, { limit: FHIR_BODY_LIMIT, types: [FORM] })
  return new URLSearchParams(form.toString('utf8'))
}
