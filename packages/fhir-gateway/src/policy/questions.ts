import type { AskedResource, DataAction } from '@uthopp/policy/question'
import { type Origin, originOf } from '@uthopp/smart-core/fhir/origin'
import { isRecord, isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { objectsOf } from '#src/json.ts'

/** What is decided on: a resource as it stands, or as it is to be. */
export type Judged = { readonly action: DataAction; readonly resource: Resource }

/** A resource taken apart into what has to be asked about it: all of it must be permitted. */
export type TakenApart = {
  readonly item: Judged
  /** Why nothing can be permitted, whatever is answered; undefined where nothing is in the way. */
  readonly lack: 'patient-unclear' | 'carrier-unknown' | undefined
  readonly encounters: readonly string[]
  readonly questions: (units: UnitsOfVisits) => readonly Asked[]
}

type Asked = {
  readonly about: AskedResource
  /** False for what is not told itself, only decides on what is: no scope is needed for it. */
  readonly needsScope: boolean
}

export type UnitsOfVisits = ReadonlyMap<string, readonly string[]>

/**
 * One question a patient, since a resource about several tells each of the others; what is nobody's is asked about once. A
 * Bundle kept as a resource is as open as the least open resource in it, and bytes as the documents that carry
 * them: those of which none is known are nobody's to read.
 */
export function takeApart(item: Judged, bases: readonly string[], carriers?: readonly Resource[]): TakenApart {
  const part = (resource: Resource, needsScope: boolean) => ({
    resource,
    needsScope,
    origin: originOf(resource, bases),
  })
  const parts = [
    part(item.resource, true),
    ...withinBundle(item.resource).map((resource) => part({ id: NOBODYS, ...resource }, true)),
    ...(carriers ?? []).map((resource) => part(resource, false)),
  ]
  return {
    item,
    lack: parts.some(({ origin }) => origin.patients.unclear)
      ? 'patient-unclear'
      : carriers?.length === 0
        ? 'carrier-unknown'
        : undefined,
    encounters: parts.flatMap(({ origin }) => origin.encounters),
    questions: (units) =>
      parts.flatMap(({ resource, origin, needsScope }) =>
        questionsAbout(resource, origin, units).map((about) => ({ about, needsScope })),
      ),
  }
}

function questionsAbout(resource: Resource, origin: Origin, units: UnitsOfVisits): readonly AskedResource[] {
  const { id } = resource
  const { labels, authors, encounters, patients } = origin
  const about = {
    type: resource.resourceType,
    id: typeof id === 'string' ? id : null,
    labels,
    units: [...new Set([...origin.units, ...encounters.flatMap((visit) => units.get(visit) ?? [])])],
    authors,
  }
  const named = patients.ids.length === 0 ? [null] : patients.ids
  return named.map((patient) => ({ ...about, patient }))
}

/** What stands in a Bundle need not have an id yet; this is one no server gives. */
const NOBODYS = '-'

const withinBundle = (resource: Resource): readonly Resource[] =>
  resource.resourceType === 'Bundle'
    ? objectsOf(resource['entry']).flatMap((entry) =>
        isRecord(entry) && isResource(entry['resource']) ? [entry['resource']] : [],
      )
    : []
