import {
  applyPatch,
  fhirpathPatchTypedValue,
  type Operation,
  OperationOutcomeError,
  parseFhirPathPatchParameters,
  toTypedValue,
  type WithId,
} from '@medplum/core'
import type { Parameters, Resource } from '@medplum/fhirtypes'
import { badRequest } from '../outcome.ts'

/** Applies a JSON Patch (RFC 6902) or a FHIRPath Patch (R4 fhirpatch.html), in place. */
export function applyPatchTo<T extends Resource>(current: WithId<T>, patch: Operation[] | Parameters): WithId<T> {
  try {
    if (Array.isArray(patch)) {
      const [failure] = applyPatch(current, patch).filter(Boolean)
      if (failure) throw badRequest('the patch does not apply')
    } else if (patch.parameter) fhirpathPatchTypedValue(toTypedValue(current), parseFhirPathPatchParameters(patch))
  } catch (error) {
    throw error instanceof OperationOutcomeError ? error : badRequest('the patch does not apply')
  }
  return current
}
