import { Refusal } from '@uthopp/server-kit/refusal'
import { parseBundleEntry } from '@uthopp/smart-core/fhir/bundle-entry'
import { isRecord, isResource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import { badRequest, forbidden, upstreamFailed } from '#src/http/refusals.ts'
import { outcomeOf } from '#src/http/operation-outcome.ts'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import type { FhirAnswer } from './answer.ts'
import { entryOf, replyOf, upstreamEntry } from './bundle-entries.ts'
import { perform, prepare } from './perform.ts'
import { requireCurrent } from './read-step.ts'
import { requireBundle } from './require-bundle.ts'
import type { Asked, Exchange, Step } from './step.ts'

const MOST_ENTRIES = 200

/** A batch or transaction: there is no scope for it, each entry is decided on its own (SAL-134). */
export async function performBundle(exchange: Exchange, asked: Pick<Asked, 'body' | 'returns'>): Promise<FhirAnswer> {
  const { body } = asked
  if (!isResource(body) || body.resourceType !== 'Bundle') throw badRequest('only a Bundle can be posted here')
  const entries = body['entry'] ?? []
  if (!Array.isArray(entries) || entries.length > MOST_ENTRIES)
    throw badRequest(`a list of at most ${MOST_ENTRIES} entries is expected`)
  if (body['type'] === 'batch') return bundleOf('batch-response', await performBatch(exchange, asked, entries))
  if (body['type'] === 'transaction')
    return bundleOf('transaction-response', await performTransaction(exchange, asked, entries))
  throw badRequest('only a batch or a transaction can be posted here')
}

const bundleOf = (type: string, entries: readonly JsonObject[]): FhirAnswer => ({
  status: 200,
  headers: {},
  resource: { resourceType: 'Bundle', type, ...(entries.length > 0 ? { entry: entries } : {}) },
})

/** Entries of a batch do not know each other, so each is a request of its own, and the server behind us sees no Bundle. */
async function performBatch(
  exchange: Exchange,
  asked: Pick<Asked, 'returns'>,
  entries: readonly unknown[],
): Promise<readonly JsonObject[]> {
  const done: JsonObject[] = []
  for (const entry of entries) done.push(await told(exchange, async () => perform(exchange, parseEntry(entry, asked))))
  return done
}

async function told({ ledger }: Pick<Exchange, 'ledger'>, work: () => Promise<FhirAnswer>): Promise<JsonObject> {
  const before = ledger.denials()
  try {
    return entryOf(await work())
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // What policy denied in this entry is noted already, with its reason.
    const isNoted = ledger.denials() > before
    if (!isNoted && (error.status === 403 || error.status === 404)) ledger.refused(error.status, error.code)
    return { response: { status: String(error.status), outcome: outcomeOf(error) } }
  }
}

/**
 * A transaction is carried out whole behind us or not at all, so one refused entry refuses it whole, and tells no more than that.
 */
async function performTransaction(
  exchange: Exchange,
  asked: Pick<Asked, 'returns'>,
  entries: readonly unknown[],
): Promise<readonly JsonObject[]> {
  const steps: Step[] = []
  const sent: JsonObject[] = []
  for (const entry of entries) {
    const step = await preparedOrForbidden(exchange, parseEntry(entry, asked))
    steps.push(step)
    sent.push(upstreamEntry(step, entry))
  }
  await exchange.ledger.keep()
  const bundle = { resourceType: 'Bundle', type: 'transaction', entry: sent }
  const reply = await exchange.upstream({
    method: 'POST',
    url: '',
    body: JSON.stringify(exchange.trust.resourceToUpstream(bundle)),
    headers: { prefer: 'return=representation' },
  })
  const returned = objectsOf(requireBundle(reply, 'transaction-response')['entry'])
  if (returned.length !== steps.length) throw upstreamFailed()
  return Promise.all(
    returned.map((entry, index) =>
      told(
        exchange,
        async () => (await steps[index]?.review(replyOf(entry))) ?? { status: 500, headers: {}, resource: undefined },
      ),
    ),
  )
}

async function preparedOrForbidden(exchange: Exchange, asked: Asked): Promise<Step> {
  try {
    const step = await prepare(exchange, asked)
    // A read of nothing fails the whole transaction behind us, so a read of something hidden must have failed it before.
    if (asked.interaction.kind === 'read') await requireCurrent(exchange, asked.interaction)
    return step
  } catch (error) {
    if (error instanceof Refusal && (error.status === 403 || error.status === 404)) {
      throw forbidden('the transaction holds an entry that is not permitted')
    }
    throw error
  }
}

function parseEntry(entry: unknown, { returns }: Pick<Asked, 'returns'>): Asked {
  const parsed = parseBundleEntry(entry)
  if (isProblem(parsed)) throw forbidden(`an entry is not understood: ${parsed.reason}`)
  const { interaction, resource } = parsed
  if (interaction.kind === 'patch' || interaction.kind === 'conditional-patch') throw forbidden('a patch stands alone')
  const request = isRecord(entry) && isRecord(entry['request']) ? entry['request'] : {}
  return {
    interaction,
    url: stringOf(request['url']) ?? '',
    body: resource,
    ifMatch: stringOf(request['ifMatch']),
    skip: 0,
    isFurther: false,
    isAlone: false,
    returns,
  }
}
