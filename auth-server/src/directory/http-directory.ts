import { refuse } from '@uthopp/server-kit/refusal'
import type { ServiceSigner } from '@uthopp/server-kit/service-token'
import { tracedFetch } from '@uthopp/server-kit/trace'
import type { ContextAnswer, ContextQuestion, Directory, Role } from './directory.ts'

type Members = Readonly<Record<string, unknown>>

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

function readRole(value: unknown): Role | undefined {
  const { id, name } = membersOf(value)
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : undefined
}

/** Only the word `true` counts as yes: whatever else the directory answers denies. */
function readAnswer(value: unknown, question: ContextQuestion): ContextAnswer {
  const { user, role, patient, encounter, references, roles } = membersOf(value)
  const known = membersOf(references)
  return {
    user: user === true,
    role: role === true,
    patient: patient === true,
    encounter: encounter === true,
    unknownReferences: question.references.filter((reference) => known[reference] !== true),
    roles: Array.isArray(roles) ? roles.flatMap((entry) => readRole(entry) ?? []) : [],
  }
}

/** Asks the host's directory API as this issuer, with a token the host verifies against our JWKS. */
export function createHttpDirectory(deps: { readonly address: string; readonly signer: ServiceSigner }): Directory {
  return {
    async checkContext(question, trace) {
      const answer = await tracedFetch(trace, `${deps.address}/context/check`, {
        method: 'POST',
        headers: {
          authorization: await deps.signer.bearer(deps.address, '__directory'),
          'content-type': 'application/json',
        },
        body: JSON.stringify(question), // members that are undefined are left out, as the format wants it
      }).catch((cause: unknown) => refuse(503, 'temporarily_unavailable', 'the directory does not answer', { cause }))
      if (!answer.ok) {
        await answer.body?.cancel()
        return refuse(503, 'temporarily_unavailable', `the directory answered ${answer.status}`)
      }
      return readAnswer(await answer.json(), question)
    },
  }
}
