import type { Answer, Obligation } from '@uthopp/policy/answer'
import { isRecord, type Resource } from '@uthopp/smart-core/fhir/resource'

/**
 * Performs what a permit asks for on the resource itself, or answers `undefined` where something of it cannot be performed: a
 * permit that is not carried out whole is none (AZ-46).
 *
 * `audit` is carried by the record of the access, which is kept before anything leaves (AZ-49); `max-age` holds because no
 * permit is kept here. Nobody is notified by this gateway, and a banner belongs to what is withheld.
 */
export function carryOut({ obligations }: Pick<Answer, 'obligations'>, resource: Resource): Resource | undefined {
  let shown: Resource | undefined = resource
  for (const obligation of obligations) {
    if (shown === undefined) return undefined
    shown = carryOutOne(obligation, shown)
  }
  return shown
}

function carryOutOne({ type, properties }: Obligation, resource: Resource): Resource | undefined {
  switch (type) {
    case 'audit':
    case 'max-age':
      return resource
    case 'notify':
    case 'banner':
      return undefined
    case 'filter': {
      const labels = textsOf(properties['labels'])
      return labels === undefined || bears(resource, labels) ? undefined : resource
    }
    case 'mask': {
      const paths = textsOf(properties['paths'])
      return paths?.every((path) => PATH.test(path)) ? masked(resource, paths) : undefined
    }
    default:
      return undefined // a type this gateway does not know, from a decision point elsewhere
  }
}

/** True when whoever is refused may be told that there is something. */
export const hasBanner = ({ obligations }: Pick<Answer, 'obligations'>): boolean =>
  obligations.some(({ type }) => type === 'banner')

const textsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : undefined

const bears = (resource: Resource, labels: readonly string[]): boolean => {
  const security = isRecord(resource['meta']) ? resource['meta']['security'] : undefined
  return (Array.isArray(security) ? security : []).some(
    (label) =>
      isRecord(label) &&
      labels.some(
        (known) => known === label['code'] || known === `${String(label['system'])}|${String(label['code'])}`,
      ),
  )
}

const PATH = /^[A-Za-z]+(?:\.[A-Za-z]+)*$/

/** Identity stays, or what is left could not be told from another resource. */
const KEPT = new Set(['resourceType', 'id', 'meta'])

/** What says the same in other places: in words for people, and in parts that no path reaches. */
const SAID_AGAIN = [['text'], ['contained']]

function masked(resource: Resource, paths: readonly string[]): Resource {
  const asked = paths.map((path) => path.split('.')).filter(([first]) => first !== undefined && !KEPT.has(first))
  const parts = asked.length === 0 ? [] : [...asked, ...SAID_AGAIN]
  const without = parts.reduce<unknown>((value, path) => removed(value, path), resource)
  return { ...(isRecord(without) ? without : {}), resourceType: resource.resourceType }
}

function removed(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => removed(item, name === undefined ? [] : [name, ...rest]))
  if (!isRecord(value) || name === undefined) return value
  const { [name]: inner, [`_${name}`]: shadow, ...others } = value
  if (inner === undefined && shadow === undefined) return value
  if (rest.length === 0) return others
  return { ...others, [name]: removed(inner, rest), ...(shadow === undefined ? {} : { [`_${name}`]: shadow }) }
}
