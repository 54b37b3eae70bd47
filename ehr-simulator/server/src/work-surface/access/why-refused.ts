import type { Patient } from '@medplum/fhirtypes'
import type { Answer } from '@uthopp/policy/answer'
import { originOf } from '@uthopp/smart-core/fhir/origin'
import type { SurfaceDeps } from '../surface-deps.ts'
import { askPolicy, type Situation } from './ask-policy.ts'
import { stageOf } from './stage.ts'

/**
 * What policy says of a patient whose chart the host has not opened: for the log and whoever explains it later.
 *
 * Nothing is opened by it, so a permit is not told: it would read as if policy had opened what was refused.
 */
export async function whyRefused(deps: SurfaceDeps, situation: Situation): Promise<Answer | undefined> {
  if (stageOf(deps) === 'off') return undefined
  const { patient } = situation
  const found = await deps.store.find<Patient>('Patient', patient)
  if (found === undefined) return undefined
  const { labels, units, authors } = originOf({ ...found }, [deps.store.base])
  const resource = { type: 'Patient', id: patient, patient, labels, units, authors }
  const basis = { purpose: 'TREAT', decision: null }
  const [answer] = await askPolicy(deps, situation, basis, [{ action: 'read', resource }])
  return answer?.effect === 'deny' ? answer : undefined
}
