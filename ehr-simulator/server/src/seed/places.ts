import type { Endpoint, HealthcareService, Location, Resource } from '@medplum/fhirtypes'
import { profile, reference } from './chart.ts'
import { concept, hl7, localIdentifier } from './codings.ts'
import { AHUS, OUS, type TrustNumber, type Unit, units } from './units.ts'

type Vehicle = { readonly id: string; readonly callSign: string; readonly station: string }

/** Ambulances, by Location id; the call sign is what the emergency department reads. */
const vehicles: Readonly<Record<TrustNumber, readonly Vehicle[]>> = {
  [OUS]: [
    { id: 'lok151', callSign: 'A-214', station: 'Ambulansestasjon Ullevål' },
    { id: 'lok152', callSign: 'A-107', station: 'Ambulansestasjon Prinsdal' },
    { id: 'lok153', callSign: 'A-131', station: 'Ambulansestasjon Lørenskog' },
    { id: 'lok154', callSign: 'A-256', station: 'Ambulansestasjon Bærum' },
  ],
  [AHUS]: [
    { id: 'lok251', callSign: 'A-318', station: 'Ambulansestasjon Lillestrøm' },
    { id: 'lok252', callSign: 'A-342', station: 'Ambulansestasjon Jessheim' },
    { id: 'lok253', callSign: 'A-305', station: 'Ambulansestasjon Ski' },
  ],
}

/** Rooms an ambulance is sent to, and the beds of the wards. */
const rooms: Readonly<Record<TrustNumber, readonly (readonly [id: string, unit: string, name: string])[]>> = {
  [OUS]: [
    ['lok161', 'lok101', 'Traumestue 1'],
    ['lok162', 'lok101', 'Medisinsk mottaksrom 2'],
    ['lok163', 'lok101', 'Observasjon 6'],
    ['lok164', 'lok101', 'Observasjon 8'],
    ['lok165', 'lok102', 'Rom 412, seng 1'],
    ['lok166', 'lok102', 'Rom 415, seng 2'],
    ['lok167', 'lok103', 'Rom 508, seng 1'],
    ['lok168', 'lok101', 'PCI-lab'],
    ['lok169', 'lok101', 'Skadestue 3'],
  ],
  [AHUS]: [
    ['lok261', 'lok201', 'Akuttrom 1'],
    ['lok262', 'lok201', 'Akuttrom 3'],
    ['lok263', 'lok201', 'Observasjon barn 2'],
    ['lok264', 'lok202', 'Rom 3041, seng 1'],
    ['lok265', 'lok202', 'Rom 3046, seng 1'],
    ['lok266', 'lok201', 'Akuttrom 4'],
  ],
}

const place = (id: string, name: string, kind: 'wa' | 've' | 'ro', organization: string): Location => ({
  resourceType: 'Location',
  id,
  meta: profile('Location'),
  status: 'active',
  mode: 'instance',
  name,
  physicalType: concept({ wa: 'Enhet', ve: 'Kjøretøy', ro: 'Rom' }[kind], hl7('location-physical-type', kind)),
  managingOrganization: reference(`Organization/${organization}`),
})

const service = (unit: Unit): HealthcareService => ({
  resourceType: 'HealthcareService',
  id: unit.unit.replace('lok', 'tje'),
  meta: profile('HealthcareService'),
  active: true,
  providedBy: reference(`Organization/${unit.department}`),
  location: [reference(`Location/${unit.unit}`)],
  name: unit.name,
})

const endpointId = (trust: TrustNumber): string => (trust === OUS ? 'end101' : 'end201')

export const imagingEndpoint = (trust: TrustNumber): string => `Endpoint/${endpointId(trust)}`

/** Units, rooms and ambulances, the services of the units, and the door to the imaging archive. */
export function placesOf(trust: TrustNumber, host: string): readonly Resource[] {
  const own = units.filter((unit) => unit.trust === trust)
  const departmentOf = (unit: string): string =>
    own.find((candidate) => candidate.unit === unit)?.department ?? 'afa101'
  const prehospital = trust === AHUS ? 'afa205' : 'afa107'
  const endpoint: Endpoint = {
    resourceType: 'Endpoint',
    id: endpointId(trust),
    meta: profile('Endpoint'),
    status: 'active',
    connectionType: hl7('endpoint-connection-type', 'dicom-wado-rs', 'DICOM WADO-RS'),
    name: 'Bildearkiv, DICOMweb',
    managingOrganization: reference(`Organization/${trust === AHUS ? 'afa203' : 'afa105'}`),
    payloadType: [concept('DICOM', hl7('endpoint-payload-type', 'any', 'Any'))],
    payloadMimeType: ['application/dicom'],
    address: `${host}/${trust}/dicomweb`,
  }
  return [
    ...own.map(({ unit, name, department }) => place(unit, name, 'wa', department)),
    ...rooms[trust].map(([id, unit, name]) => ({
      ...place(id, name, 'ro', departmentOf(unit)),
      partOf: reference(`Location/${unit}`),
    })),
    ...vehicles[trust].map(({ id, callSign, station }) => ({
      ...place(id, `Ambulanse ${callSign}`, 've', prehospital),
      identifier: [{ use: 'usual' as const, ...localIdentifier('kallesignal', callSign) }],
      description: station,
    })),
    ...own.map(service),
    endpoint,
  ]
}
