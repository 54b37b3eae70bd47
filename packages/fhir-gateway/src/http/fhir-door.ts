import type { AppContext } from '@uthopp/server-kit/http-app'
import { newTrace } from '@uthopp/server-kit/trace'
import { type FhirInteraction, parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { needsOf } from '@uthopp/smart-core/fhir/needs'
import { isRecord, type Resource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import { capabilityStatement, isCapabilityStatement, searchableTypes } from '#src/fhir/capability-statement.ts'
import { auditedRequest } from '#src/audit/audited-request.ts'
import type { FhirAnswer } from '#src/fhir/answer.ts'
import { PAGE_PARAMETER } from '#src/fhir/bundle-links.ts'
import { followPage } from '#src/fhir/follow-page.ts'
import { perform } from '#src/fhir/perform.ts'
import { performBundle } from '#src/fhir/request-bundle.ts'
import { requireScope } from '#src/fhir/require-scope.ts'
import { requireSuccess } from '#src/fhir/require-success.ts'
import type { Asked, Exchange } from '#src/fhir/step.ts'
import { badAuthorization, forbidden, upstreamFailed } from '#src/http/refusals.ts'
import { objectsOf } from '#src/json.ts'
import { remembered } from '#src/remembered.ts'
import type { Trust } from '#src/trust.ts'
import { createExportDoor } from './export-door.ts'
import { type DoorDeps, sharedUpstream } from './door-deps.ts'
import { evenly } from './even-time.ts'
import { accounted, openExchange } from './open-exchange.ts'
import { readFhirBody, readSearchForm, requireJsonAccepted } from './read-request.ts'
import { reads, writeAnswer, writeDiscovery } from './write-answer.ts'

/** Answers one request below the FHIR base of a trust; `path` is what follows the base, without leading slash. */
export type FhirDoor = {
  readonly answer: (ctx: AppContext, trust: Trust, path: string) => Promise<void>
  readonly close: () => void
}

const ACTIVITIES = { access: 'fhir-access', refused: 'fhir-refused' } as const
const CAPABILITIES_FRESH_MS = 60_000
const MOST_TRUSTS = 1000

export function createFhirDoor(deps: DoorDeps): FhirDoor {
  const remember = remembered<Resource>({ forMs: CAPABILITIES_FRESH_MS, limit: MOST_TRUSTS, now: deps.now })
  const capabilities = (trust: Trust) => remember(trust.orgnr, () => readCapabilities(deps, trust))
  const exports = createExportDoor({
    ...deps,
    typesOffered: async (trust) => searchableTypes(await capabilities(trust)),
  })

  async function answerAt(ctx: AppContext, trust: Trust, path: string): Promise<void> {
    if (path === '.well-known/smart-configuration') return writeDiscovery(ctx, await deps.smartConfigurations(trust))
    if (path === 'metadata' && reads(ctx)) {
      requireJsonAccepted(ctx)
      return writeAnswer(ctx, trust, {
        status: 200,
        headers: {},
        resource: await capabilities(trust),
      })
    }
    const exchange = await openExchange(deps, ctx, trust, ACTIVITIES)
    if (exports.serves(path)) return accounted(exchange.ledger, () => exports.answer(ctx, exchange, path))
    requireJsonAccepted(ctx)
    const { ledger, review } = exchange
    const account = () => accounted(ledger, () => answer(ctx, exchange, path))
    writeAnswer(ctx, trust, await evenly(review.judge, account, { showsNothing, timing: deps.timing }))
  }
  return { answer: answerAt, close: () => exports.close() }
}

/** A Bundle in which nothing was found, or of whose entries one says so. */
const showsNothing = ({ resource }: FhirAnswer): boolean =>
  resource?.resourceType === 'Bundle' &&
  (resource['entry'] === undefined ||
    objectsOf(resource['entry']).some(
      ({ response }) => isRecord(response) && /^40[34]/.test(String(response['status'])),
    ))

async function answer(ctx: AppContext, exchange: Exchange, path: string): Promise<FhirAnswer> {
  const query = ctx.querystring
  if (reads(ctx) && path === '' && query.startsWith(`${PAGE_PARAMETER}=`))
    return followPage(exchange, query.slice(PAGE_PARAMETER.length + 1))
  const form = ctx.method === 'POST' && path.endsWith('_search') ? await readSearchForm(ctx) : undefined
  if (new URLSearchParams(form).has('access_token'))
    throw badAuthorization('more than one way to send the access token')
  const interaction = requireInteraction(ctx, exchange, path, form)
  const returns = returnsOf(ctx.get('prefer'))
  if (interaction.kind === 'bundle') return performBundle(exchange, { body: await readFhirBody(ctx), returns })
  const ifMatch = ctx.get('if-match') || undefined
  const asked: Asked = {
    interaction,
    url: ownUrl(path, query, form),
    body: undefined,
    ifMatch,
    skip: 0,
    isFurther: false,
    isAlone: true,
    returns,
  }
  if (!bringsBody(interaction)) return perform(exchange, asked)
  requireNeeds(exchange, interaction) // before a byte of the body is read
  return perform(exchange, { ...asked, body: await readFhirBody(ctx) })
}

const BODIED: ReadonlySet<FhirInteraction['kind']> = new Set([
  'create',
  'conditional-create',
  'update',
  'conditional-update',
  'patch',
  'conditional-patch',
])
const bringsBody = ({ kind }: FhirInteraction): boolean => BODIED.has(kind)

function requireNeeds(exchange: Exchange, interaction: FhirInteraction): void {
  const needs = needsOf(interaction)
  if (isProblem(needs)) throw forbidden('this is not offered')
  for (const need of needs) requireScope(exchange, need)
}

function requireInteraction(
  ctx: AppContext,
  { ledger }: Exchange,
  path: string,
  form: string | undefined,
): FhirInteraction {
  const ifNoneExist = ctx.get('if-none-exist')
  const interaction = parseFhirInteraction({
    method: ctx.method,
    path,
    query: ctx.querystring,
    contentType: ctx.get('content-type'),
    ...(form === undefined ? {} : { form }),
    ...(ifNoneExist === '' ? {} : { ifNoneExist }),
  })
  if (isProblem(interaction)) throw forbidden(`this is not offered: ${interaction.reason}`)
  ledger.about(auditedRequest(interaction))
  return interaction
}

/** The question as a link would ask it again; a form becomes a query. */
function ownUrl(path: string, query: string, form: string | undefined): string {
  const place = form === undefined ? path : path.replace(/\/?_search$/, '')
  const parameters = [query, form ?? ''].filter((part) => part !== '').join('&')
  return parameters === '' ? place : `${place}?${parameters}`
}

function returnsOf(prefer: string): Asked['returns'] {
  const wish = /(?:^|[,;\s])return=(?<wish>minimal|representation|OperationOutcome)(?:$|[,;\s])/.exec(prefer)?.groups?.[
    'wish'
  ]
  return wish === 'minimal' || wish === 'OperationOutcome' ? wish : 'representation'
}

async function readCapabilities(deps: DoorDeps, trust: Trust): Promise<Resource> {
  const smart = await deps.smartConfigurations(trust)
  const upstream = sharedUpstream(deps, trust, newTrace())
  const reply = await upstream({ method: 'GET', url: 'metadata' })
  requireSuccess(reply)
  if (!isCapabilityStatement(reply.json)) throw upstreamFailed()
  return capabilityStatement(reply.json, smart, trust.fhirBase)
}
