import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { Exchange } from '#src/fhir/step.ts'
import { forbidden, unprocessable } from '#src/http/refusals.ts'
import { readStudy, studyUidsOf } from './imaging-studies.ts'

/**
 * Who may say that a resource is about the images of a study.
 *
 * The imaging door opens a study by the ImagingStudy resources that name it, and to nobody when two patients claim it. A UID
 * is therefore claimed only by writers from whom no ImagingStudy is hidden, such as the picture archive, and only once.
 * Everybody else may change a study they may write, but not which images it means; whether the UID exists plays no part in
 * that answer.
 */
export async function requireOwnStudies(
  exchange: Exchange,
  proposed: Resource,
  stored: Resource | undefined,
): Promise<void> {
  if (proposed.resourceType !== 'ImagingStudy') return
  const there = new Set(stored === undefined ? [] : studyUidsOf(stored))
  const claimed = [...new Set(studyUidsOf(proposed))].filter((uid) => !there.has(uid))
  if (claimed.length === 0) return
  if (!exchange.review.hidesNothing('read', 'ImagingStudy'))
    throw forbidden('which images a study means is not yours to say')
  const [uid, second] = claimed
  if (uid === undefined || second !== undefined) throw unprocessable('a study has one UID')
  const named = await readStudy(exchange.upstream, uid)
  if (named.some((study) => study['id'] !== proposed['id'])) throw forbidden('another resource means these images')
}
