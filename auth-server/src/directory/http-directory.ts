import { refuse } from '@uthopp/server-kit/refusal'
import type { ServiceSigner } from '@uthopp/server-kit/service-token'
import { type Trace, tracedFetch } from '@uthopp/server-kit/trace'
import type { Directory } from './directory.ts'
import { readIdentified, readLogNames } from './log-names.ts'
import { readContextAnswer, readPatientRecord, readPatients, readPerson } from './read-answers.ts'

/** As many as the directory gives; a longer list is searched, not read. */
const MOST_PATIENTS = 100
const DEFAULT_RETRY_SECONDS = 60

/** Asks the host's directory API as this issuer, with a token the host verifies against our JWKS. */
export function createHttpDirectory(deps: { readonly address: string; readonly signer: ServiceSigner }): Directory {
  /** Answers of the statuses that mean something to the caller; every other one is a directory that does not work. */
  async function ask(path: string, body: unknown, trace: Trace, meant: readonly number[] = []): Promise<Response> {
    const answer = await tracedFetch(trace, `${deps.address}${path}`, {
      method: 'POST',
      headers: {
        authorization: await deps.signer.bearer(deps.address, '__directory'),
        'content-type': 'application/json',
      },
      body: JSON.stringify(body), // members that are undefined are left out, as the format wants it
    }).catch((cause: unknown) => refuse(503, 'temporarily_unavailable', 'the directory does not answer', { cause }))
    if (answer.ok) return answer
    await answer.body?.cancel()
    if (meant.includes(answer.status)) return answer
    return refuse(503, 'temporarily_unavailable', `the directory answered ${answer.status}`)
  }

  return {
    async checkContext(question, trace) {
      return readContextAnswer(await (await ask('/context/check', question, trace)).json(), question)
    },
    async verifyPassword(username, password, trace) {
      const answer = await ask('/users/verify', { username, password }, trace, [400, 401, 429])
      if (answer.status === 429) {
        const seconds = Number(answer.headers.get('retry-after'))
        return { outcome: 'closed', seconds: seconds > 0 ? Math.ceil(seconds) : DEFAULT_RETRY_SECONDS }
      }
      const person = answer.ok ? readPerson(await answer.json()) : undefined
      return person === undefined ? { outcome: 'refused' } : { outcome: 'verified', person }
    },
    async findPerson(user, trace) {
      const answer = await ask('/users/find', { user }, trace, [404])
      return answer.ok ? readPerson(await answer.json()) : undefined
    },
    async searchPatients(search, trace) {
      const answer = await ask('/patients/search', { ...search, limit: MOST_PATIENTS }, trace, [404])
      return answer.ok ? readPatients(await answer.json()) : []
    },
    async describeForLog(ids, trace) {
      return readLogNames(await (await ask('/log-names', ids, trace)).json())
    },
    async identifyPatient(nationalId, trace) {
      const answer = await ask('/patients/identify', { national_id: nationalId }, trace, [404])
      return answer.ok ? readIdentified(await answer.json()) : undefined
    },
    async findPatient(patient, trace) {
      const answer = await ask('/patients/describe', { patient }, trace, [404])
      return answer.ok ? readPatientRecord(await answer.json()) : undefined
    },
  }
}
