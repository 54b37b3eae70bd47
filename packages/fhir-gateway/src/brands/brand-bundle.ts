import {
  brandBundleOf,
  type BrandsDeployment,
  brandIdentifierOf,
  type Deployment,
  fhirBaseOf,
  type TrustBrand,
} from '@uthopp/server-kit/deployment'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { JsonObject } from '#src/json.ts'

const HL7 = 'http://hl7.org/fhir/StructureDefinition'
const SMART = 'http://hl7.org/fhir/smart-app-launch/StructureDefinition'
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem'
/** Enhetsregisteret, the Norwegian register of organisations. */
const ORGNR = 'urn:oid:2.16.578.1.12.4.1.4.101'

/**
 * The brands of a deployment (SMART App Launch 2.2.0, "User-Access Brands and Endpoints"): one Organization a trust, below
 * the region where there is one, and one Endpoint a FHIR base.
 *
 * No id is part of another, since there are readers that look for them as text.
 */
export function brandBundle(deployment: Deployment, brands: BrandsDeployment, changedAt: Date): Resource {
  const make = maker(deployment, changedAt)
  const { region } = brands
  const entries = [
    ...(region === undefined ? [] : [make.organization(region.orgnr, { name: region.name, site: region.site })]),
    ...brands.trusts.flatMap((brand) => {
      const trust = deployment.trusts.find(({ orgnr }) => orgnr === brand.orgnr)
      if (trust === undefined) return []
      const names = { name: trust.name, alias: [trust.shortName], site: brand.site }
      return [
        make.organization(brand.orgnr, names, { brand, region: region?.orgnr }),
        make.endpoint(brand.orgnr, trust.shortName, brands.developerSite),
      ]
    }),
  ]
  return {
    resourceType: 'Bundle',
    id: 'uthopp-brands',
    meta: { ...make.meta('user-access-brands-bundle') },
    type: 'collection',
    timestamp: changedAt.toISOString(),
    entry: entries.map((resource) => ({
      fullUrl: `${deployment.addresses.gateway}/brands/${resource.resourceType}/${String(resource['id'])}`,
      resource,
    })),
  }
}

type Names = { readonly name: string; readonly alias?: readonly string[]; readonly site: string }
type TrustPart = { readonly brand: TrustBrand; readonly region: string | undefined }

function maker(deployment: Deployment, changedAt: Date) {
  const demo = deployment.world === 'demo'
  const meta = (profile: string): JsonObject => ({
    lastUpdated: changedAt.toISOString(),
    profile: [`${SMART}/${profile}`],
    ...(demo ? { tag: [{ system: `${TERMINOLOGY}/v3-ActReason`, code: 'HTEST', display: 'test health data' }] } : {}),
  })
  return {
    meta,
    organization: (orgnr: string, { name, alias, site }: Names, part?: TrustPart): Resource => ({
      resourceType: 'Organization',
      id: `brand-${orgnr}`,
      meta: meta('user-access-brand'),
      extension: [
        { url: `${HL7}/organization-brand`, extension: brandParts(deployment, part?.brand.logo) },
        ...(part?.brand.portal === undefined ? [] : [portal(part.brand.portal, part.brand.logo, orgnr)]),
      ],
      identifier: [brandIdentifierOf({ site }), { system: ORGNR, value: orgnr }],
      active: true,
      type: [{ coding: [{ system: `${TERMINOLOGY}/organization-type`, code: 'prov' }] }],
      name,
      ...(alias === undefined ? {} : { alias }),
      telecom: [{ system: 'url', value: site }],
      address: [{ country: 'NO' }],
      ...(part?.region === undefined ? {} : { partOf: { reference: `Organization/brand-${part.region}` } }),
      ...(part === undefined ? {} : { endpoint: [endpointReference(orgnr)] }),
    }),
    endpoint: (orgnr: string, shortName: string, developerSite: string): Resource => ({
      resourceType: 'Endpoint',
      id: `endpoint-${orgnr}`,
      meta: meta('user-access-endpoint'),
      extension: [{ url: `${HL7}/endpoint-fhir-version`, valueCode: '4.0.1' }],
      status: 'active',
      connectionType: { system: `${TERMINOLOGY}/endpoint-connection-type`, code: 'hl7-fhir-rest' },
      name: `${shortName}, FHIR R4${demo ? ' (demonstration, synthetic people)' : ''}`,
      contact: [{ system: 'url', value: developerSite }],
      payloadType: [{ coding: [{ system: `${TERMINOLOGY}/endpoint-payload-type`, code: 'none' }] }],
      address: fhirBaseOf(deployment, orgnr),
    }),
  }
}

const endpointReference = (orgnr: string): JsonObject => ({ reference: `Endpoint/endpoint-${orgnr}` })

const brandParts = (deployment: Deployment, logo: string | undefined): readonly JsonObject[] => [
  ...(logo === undefined ? [] : [{ url: 'brandLogo', valueUrl: logo }]),
  { url: 'brandBundle', valueUrl: brandBundleOf(deployment) },
]

/** SAL-231: the Endpoint of a portal is one of the organisation's own. */
function portal(
  { name, url, description }: NonNullable<TrustBrand['portal']>,
  logo: string | undefined,
  orgnr: string,
): JsonObject {
  return {
    url: `${HL7}/organization-portal`,
    extension: [
      { url: 'portalName', valueString: name },
      ...(description === undefined ? [] : [{ url: 'portalDescription', valueMarkdown: description }]),
      { url: 'portalUrl', valueUrl: url },
      ...(logo === undefined ? [] : [{ url: 'portalLogo', valueUrl: logo }]),
      { url: 'portalEndpoint', valueReference: endpointReference(orgnr) },
    ],
  }
}
