import type { Address, Identifier, Organization, Resource } from '@medplum/fhirtypes'
import { profile, reference } from './chart.ts'
import { concept, ENH, RSH, volven } from './codings.ts'
import { AHUS, OUS, type TrustNumber } from './units.ts'

type Site = {
  readonly id: string
  readonly name: string
  readonly enh: string
  readonly city: string
  readonly municipality: Municipality
}
type Municipality = {
  readonly code: string
  readonly name: string
  readonly county: string
  readonly postalCode: string
  readonly line: string
}
type Department = { readonly id: string; readonly site: string; readonly name: string; readonly resh: string }

const OSLO: Municipality = {
  code: '0301',
  name: 'Oslo',
  county: 'Oslo',
  postalCode: '0450',
  line: 'Kirkeveien 166',
}
const GAUSTAD: Municipality = { ...OSLO, postalCode: '0372', line: 'Sognsvannsveien 20' }
const LORENSKOG: Municipality = {
  code: '3222',
  name: 'Lørenskog',
  county: 'Akershus',
  postalCode: '1474',
  line: 'Sykehusveien 25',
}

type Tree = {
  readonly id: string
  readonly name: string
  readonly sites: readonly Site[]
  readonly departments: readonly Department[]
}

const department = (id: string, site: string, name: string): Department => ({
  id,
  site,
  name,
  resh: `7${id.slice(3)}00`,
})

const trees: Readonly<Record<TrustNumber, Tree>> = {
  [OUS]: {
    id: 'aks101',
    name: 'Oslo universitetssykehus HF',
    sites: [
      { id: 'afm101', name: 'Ullevål sykehus', enh: '974589095', city: 'Oslo', municipality: OSLO },
      { id: 'afm102', name: 'Rikshospitalet', enh: '874716782', city: 'Oslo', municipality: GAUSTAD },
    ],
    departments: [
      department('afa101', 'afm101', 'Akuttmottak'),
      department('afa102', 'afm101', 'Ortopedisk avdeling'),
      department('afa103', 'afm101', 'Avdeling for gastrokirurgi'),
      department('afa104', 'afm101', 'Avdeling for kreftbehandling'),
      department('afa105', 'afm101', 'Avdeling for radiologi'),
      department('afa106', 'afm101', 'Seksjon for klinisk ernæring'),
      department('afa107', 'afm101', 'Prehospital klinikk'),
      department('afa108', 'afm101', 'Forsyning, kjøkken'),
      department('afa109', 'afm101', 'Avdeling for medisinsk biokjemi'),
      department('afa110', 'afm102', 'Kardiologisk avdeling'),
    ],
  },
  [AHUS]: {
    id: 'aks201',
    name: 'Akershus universitetssykehus HF',
    // No public number of the site was confirmed: this one is of the synthetic series (norway.md §4.4).
    sites: [{ id: 'afm201', name: 'Ahus Nordbyhagen', enh: '312999773', city: 'Lørenskog', municipality: LORENSKOG }],
    departments: [
      department('afa201', 'afm201', 'Akuttmottak'),
      department('afa202', 'afm201', 'Medisinsk avdeling'),
      department('afa203', 'afm201', 'Bildediagnostisk avdeling'),
      department('afa204', 'afm201', 'Tverrfaglig laboratoriemedisin'),
      department('afa205', 'afm201', 'Prehospital avdeling'),
    ],
  },
}

const officialAddress = ({ line, postalCode, name, county }: Municipality): Address[] => [
  { use: 'work', line: [line], postalCode, city: name, state: county, country: 'NO' },
]

/** The trust (`aks…`), its hospitals (`afm…`) and their departments (`afa…`), parents first. */
export function organizationsOf(trust: TrustNumber): readonly Resource[] {
  const { id, name, sites, departments } = trees[trust]
  const enh = (value: string): Identifier[] => [
    {
      use: 'official',
      type: concept('Organisasjonsnummer', volven(8116, 'ENH', 'Organisasjonsnummer')),
      system: ENH,
      value,
    },
  ]
  const organization = (fields: Omit<Organization, 'resourceType' | 'meta' | 'active'>): Organization => ({
    resourceType: 'Organization',
    meta: profile('Organization'),
    active: true,
    ...fields,
  })
  const top = organization({
    id,
    identifier: enh(trust),
    type: [concept('Helseforetak')],
    name,
    ...(sites[0] ? { address: officialAddress(sites[0].municipality) } : {}),
    telecom: [{ system: 'phone', value: '+4768050000', use: 'work' }],
  })
  const hospitals = sites.map((site) =>
    organization({
      id: site.id,
      identifier: enh(site.enh),
      type: [concept('Sykehus')],
      name: site.name,
      address: officialAddress(site.municipality),
      partOf: reference(`Organization/${id}`, name),
    }),
  )
  const clinics = departments.map((clinic) =>
    organization({
      id: clinic.id,
      identifier: [
        { use: 'official', type: concept('RESH-id', volven(8116, 'RSH', 'RESH-id')), system: RSH, value: clinic.resh },
      ],
      type: [concept('Avdeling')],
      name: clinic.name,
      partOf: reference(`Organization/${clinic.site}`),
    }),
  )
  return [top, ...hospitals, ...clinics]
}
