import { randomUUID } from 'node:crypto'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { fhirBaseOf } from '@uthopp/server-kit/deployment'
import { anything, flag, nullable, readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { askDirectory, readTrustWorld, type TrustAccess } from '../demo-world.ts'

const REQUEST = {
  required: { tenant: text, client_id: text },
  optional: {
    user: text,
    role: text,
    patient: nullable(text),
    encounter: text,
    fhirContext: anything,
    intent: text,
    bound: flag,
  },
}

/**
 * `POST /api/launches`: composes an offer as a host would and sends it over the launcher's own back channel.
 *
 * An absent user or patient takes the trust's default clinician and a patient in that person's care; `patient: null` is a
 * launch without patient.
 */
export const composeLaunch =
  (deployment: Deployment, trusts: ReadonlyMap<string, TrustAccess>) => async (ctx: AppContext) => {
    const request = accept(readMembers(await readJson(ctx), REQUEST))
    const access =
      trusts.get(request.tenant) ?? refuse(400, 'invalid_request', '`tenant` is not a trust of this deployment')
    const defaults =
      request.user === undefined || request.patient === undefined
        ? (await readTrustWorld(access, deployment, ctx.state.trace)).defaults
        : undefined
    const user = request.user ?? defaults?.user
    const role = request.role ?? (request.user === undefined ? defaults?.role : undefined)
    const patient =
      request.patient === undefined ? await patientInCare(user, role, defaults) : (request.patient ?? undefined)

    const offered = await access.backChannel.offer(ctx.state.trace, {
      client_id: request.client_id,
      user,
      session: randomUUID(),
      need_patient_banner: true,
      ...(role === undefined ? {} : { role }),
      ...(patient === undefined ? {} : { patient }),
      ...(request.encounter === undefined ? {} : { encounter: request.encounter }),
      ...(request.fhirContext === undefined ? {} : { fhirContext: request.fhirContext.json }),
      ...(request.intent === undefined ? {} : { intent: request.intent }),
      ...(request.bound === undefined ? {} : { bound: request.bound }),
    })
    const { launch, start_url, launch_url } = offered
    ctx.status = 201
    ctx.body = {
      iss: fhirBaseOf(deployment, request.tenant),
      launch,
      ...(start_url === undefined ? { launch_url } : { start_url }),
    }

    async function patientInCare(
      person: string | undefined,
      active: string | undefined,
      fallback: { user: string; patient: string } | undefined,
    ) {
      if (person === undefined || person === fallback?.user) return fallback?.patient
      const found = await askDirectory(access, deployment, ctx.state.trace, 'patients/search', {
        user: person,
        text: '',
        limit: 1,
        ...(active === undefined ? {} : { role: active }),
      })
      const { patients } = found as { patients: readonly { id: string }[] } // our own host's answer; its contract test holds the shape
      return (
        patients[0]?.id ??
        refuse(400, 'invalid_request', 'this user has no patient in care; name a `patient` or say null')
      )
    }
  }
