import FHIR from 'fhirclient/lib/entry/browser'
import type Client from 'fhirclient/lib/Client'
import { AccessFailure, type Failure, failureOf, refusalIn } from './failure.ts'
import { at, isJson, type Json, listAt, textAt } from './json.ts'
import { patiently } from './patience.ts'

/** One finished launch: whom it is about, what was granted, and the client that holds its tokens. */
export type Session = {
  readonly client: Client
  readonly fhirBase: string
  readonly patientId: string | undefined
  readonly encounterId: string | undefined
  /** References of `fhirContext`, such as `ImagingStudy/123` (SMART App Launch 2.2.0, "fhirContext"). */
  readonly contextReferences: readonly string[]
  readonly scopes: readonly string[]
  /** Shown unless the host says it shows the patient itself. */
  readonly patientBannerNeeded: boolean
  readonly styleUrl: string | undefined
}

export type Opening =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'closed'; readonly failure: Failure }

/** Finishes the launch this page was redirected from, or says why not. Never rejects. */
export async function openSession(address: URL): Promise<Opening> {
  const refusal = refusalIn(address)
  if (refusal) return { kind: 'closed', failure: refusal }
  try {
    // See launch.ts: the launch of this tile is the one named by `state` in this address.
    FHIR.oauth2.settings.fullSessionStorageSupport = false
    return { kind: 'open', session: sessionOf(await FHIR.oauth2.ready()) }
  } catch (error) {
    return { kind: 'closed', failure: failureOf(error) }
  }
}

function sessionOf(client: Client): Session {
  const answer: unknown = client.state.tokenResponse
  return {
    client,
    fhirBase: client.state.serverUrl.replace(/\/$/, ''),
    patientId: textAt(answer, 'patient'),
    encounterId: textAt(answer, 'encounter'),
    contextReferences: listAt(answer, 'fhirContext').flatMap((item) => textAt(item, 'reference') ?? []),
    scopes: (textAt(answer, 'scope') ?? '').split(' ').filter(Boolean),
    patientBannerNeeded: at(answer, 'need_patient_banner') !== false,
    styleUrl: textAt(answer, 'smart_style_url'),
  }
}

/** Reads one resource, relative to the FHIR base. Throws `AccessFailure`. */
export async function readJson(session: Session, url: string, signal?: AbortSignal): Promise<Json> {
  try {
    const answer: unknown = await patiently(() => session.client.request(signal ? { url, signal } : { url }), signal)
    if (isJson(answer)) return answer
  } catch (error) {
    signal?.throwIfAborted()
    throw new AccessFailure(failureOf(error), { cause: error })
  }
  throw new AccessFailure({ kind: 'broken', explanation: '', correlationId: '' })
}
