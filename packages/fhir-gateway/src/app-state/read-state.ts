import { isRecord } from '@uthopp/smart-core/fhir/resource'
import type { StateCode } from '@uthopp/smart-core/scope/state-code'
import { badRequest, unprocessable } from '#src/http/refusals.ts'
import type { JsonObject } from '#src/json.ts'

/** What an app wants kept: the members of a Basic resource that are kept, and nothing else. */
export type StateDraft = {
  readonly code: StateCode
  /** Absolute reference; absent for global state. */
  readonly subject: string | undefined
  readonly content: StateContent
}

/** The part of a state the server does not read (SMART App Launch 2.2.0, "Persisting App State"). */
export type StateContent = { readonly coding: JsonObject; readonly extension?: readonly JsonObject[] }

const MEMBERS = new Set(['resourceType', 'id', 'meta', 'code', 'subject', 'extension'])
const CODING = new Set(['system', 'code', 'display'])
const LONGEST = 500

/** Reads a new state; the id and the version are the server's to give. */
export function readNewState(body: unknown): StateDraft {
  const basic = requireBasic(body)
  if (basic['id'] !== undefined) throw badRequest('a new state has no `id`')
  const { meta } = basic
  if (isRecord(meta) && meta['versionId'] !== undefined) throw badRequest('a new state has no `meta.versionId`')
  return readDraft(basic)
}

/** Reads the next version of the state `id`. */
export function readNextState(body: unknown, id: string): StateDraft {
  const basic = requireBasic(body)
  if (basic['id'] !== id) throw badRequest('the `id` of the resource is not the one of the address')
  return readDraft(basic)
}

function requireBasic(body: unknown): JsonObject {
  if (!isRecord(body) || body['resourceType'] !== 'Basic') throw badRequest('app state is a Basic resource')
  return body
}

/** SAL-216: what is not kept is refused, so that nothing an app relies on disappears in silence. */
function readDraft(basic: JsonObject): StateDraft {
  if (!Object.keys(basic).every((name) => MEMBERS.has(name)) || !isMeta(basic['meta']))
    throw unprocessable('app state has `code`, `subject` and `extension`, and nothing else')
  const { coding, code } = readCoding(basic['code'])
  const extension = basic['extension'] === undefined ? undefined : readExtensions(basic['extension'])
  return {
    code,
    subject: basic['subject'] === undefined ? undefined : readSubject(basic['subject']),
    content: { coding, ...(extension === undefined ? {} : { extension }) },
  }
}

/** Version and time are the server's, and are written anew. */
const isMeta = (meta: unknown): boolean =>
  meta === undefined ||
  (isRecord(meta) && Object.keys(meta).every((name) => name === 'versionId' || name === 'lastUpdated'))

function readCoding(concept: unknown): { readonly coding: JsonObject; readonly code: StateCode } {
  const codings: unknown = isRecord(concept) && Object.keys(concept).length === 1 ? concept['coding'] : undefined
  const coding: unknown = Array.isArray(codings) && codings.length === 1 ? codings[0] : undefined
  if (!isRecord(coding) || !Object.keys(coding).every((name) => CODING.has(name)))
    throw unprocessable('app state has exactly one `code.coding`')
  const { system, code } = coding
  if (!isShortText(system) || !isShortText(code))
    throw unprocessable('`code.coding` needs a `system` and a `code`, of at most 500 characters')
  if (coding['display'] !== undefined && !isShortText(coding['display']))
    throw unprocessable('`display` is a text of at most 500 characters')
  return { coding, code: { system, code } }
}

function readSubject(subject: unknown): string {
  const reference = isRecord(subject) && Object.keys(subject).length === 1 ? subject['reference'] : undefined
  if (!isShortText(reference)) throw unprocessable('`subject` is one absolute `reference`, or absent')
  return reference
}

function readExtensions(extensions: unknown): readonly JsonObject[] {
  const good = Array.isArray(extensions) && extensions.length > 0 ? extensions.filter(isStateExtension) : []
  if (!Array.isArray(extensions) || good.length === 0 || good.length !== extensions.length)
    throw unprocessable('each `extension` has a `url` and a `valueString`, and nothing else')
  return good
}

const isStateExtension = (extension: unknown): extension is JsonObject =>
  isRecord(extension) &&
  Object.keys(extension).length === 2 &&
  isShortText(extension['url']) &&
  typeof extension['valueString'] === 'string' &&
  extension['valueString'] !== ''

const isShortText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST
