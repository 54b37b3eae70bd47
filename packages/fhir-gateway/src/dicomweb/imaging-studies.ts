import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { formatQuery } from '@uthopp/smart-core/fhir/query'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import { requireBundle } from '#src/fhir/require-bundle.ts'
import { planSearch } from '#src/fhir/search-step.ts'
import { settleSearch, visibleMatches } from '#src/fhir/settle-search.ts'
import type { Exchange } from '#src/fhir/step.ts'
import type { UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'

/** FHIR R4, "ImagingStudy": the study instance UID is an identifier with this system, written `urn:oid:<uid>`. */
const DICOM_UID = 'urn:dicom:uid'
const STUDIES_A_PAGE = 500

/** The ImagingStudy resources that name a study, whoever they belong to. */
export async function readStudy(upstream: UpstreamFhir, uid: string): Promise<readonly Resource[]> {
  const query = formatQuery([['identifier', `${DICOM_UID}|urn:oid:${uid}`]])
  const bundle = requireBundle(await upstream({ method: 'GET', url: `ImagingStudy?${query}` }), 'searchset')
  return studiesIn(bundle).filter((study) => studyUidsOf(study).includes(uid))
}

/** UIDs of the studies the caller may find, or `undefined` for a caller from whom no study is hidden. */
export async function readOwnStudyUids(exchange: Exchange): Promise<readonly string[] | undefined> {
  if (exchange.review.unrestricted('search', 'ImagingStudy')) return undefined
  const interaction = parseFhirInteraction({ method: 'GET', path: 'ImagingStudy', query: `_count=${STUDIES_A_PAGE}` })
  if (isProblem(interaction) || interaction.kind !== 'search-type') throw new Error('our own search is not understood')
  const question = await settleSearch(exchange, planSearch(exchange, interaction), [])
  const uids: string[] = []
  for await (const study of visibleMatches(exchange, 'ImagingStudy', question)) uids.push(...studyUidsOf(study))
  return uids
}

const studiesIn = (bundle: Resource): readonly Resource[] =>
  objectsOf(bundle['entry']).flatMap((entry) => {
    const resource = entry['resource']
    return isResource(resource) && resource.resourceType === 'ImagingStudy' ? [resource] : []
  })

export function studyUidsOf(study: JsonObject): readonly string[] {
  return objectsOf(study['identifier']).flatMap((identifier) => {
    const value = identifier['system'] === DICOM_UID ? stringOf(identifier['value']) : undefined
    return value === undefined ? [] : [value.replace(/^urn:oid:/, '')]
  })
}
