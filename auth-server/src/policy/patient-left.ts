import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseScope } from '@uthopp/smart-core/scope/scope'

/** True when these scopes open anything about a patient, and not only who works where. */
export const opensPatient = (granted: readonly string[]): boolean =>
  granted.some((text) => {
    const scope = parseScope(text)
    return !isProblem(scope) && scope.kind === 'resource' && !isDirectoryType(scope.resourceType)
  })
