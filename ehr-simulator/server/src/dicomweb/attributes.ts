import { uidOf } from '#src/seed/uid.ts'
import { OUS } from '#src/seed/units.ts'
import type { HeldInstance } from './archive.ts'
import { type Geometry, geometryOf } from './pixels.ts'

const SOP_CLASS = { CT: '1.2.840.10008.5.1.4.1.1.2', CR: '1.2.840.10008.5.1.4.1.1.1' } as const
const NORWEGIAN_TIME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** DA and TM of an instant, in Norwegian time. */
function clock(taken: Date): { readonly date: string; readonly time: string } {
  const [date = '', time = ''] = NORWEGIAN_TIME.format(taken).split(' ')
  return { date: date.replaceAll('-', ''), time: time.replaceAll(':', '') }
}

/** A decimal string holds at most sixteen characters (DICOM PS3.5 §6.2). */
const decimal = (value: number): number => Number(value.toFixed(5))

function position({ millimetres, size, slices }: Geometry, number: number): Readonly<Record<string, unknown>> {
  const spacing = millimetres / size
  const corner = decimal(-millimetres / 2 + spacing / 2)
  if (slices === null)
    return { ImagePositionPatient: [corner, 0, -corner], ImageOrientationPatient: [1, 0, 0, 0, 0, -1] }
  return {
    ImagePositionPatient: [corner, corner, decimal(slices.first - (number - 1) * slices.spacing)],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    SliceThickness: slices.spacing,
    SpacingBetweenSlices: slices.spacing,
    SliceLocation: decimal(slices.first - (number - 1) * slices.spacing),
  }
}

const tomography = (instance: HeldInstance, geometry: Geometry): Readonly<Record<string, unknown>> => ({
  ImageType: ['ORIGINAL', 'PRIMARY', geometry.slices === null ? 'LOCALIZER' : 'AXIAL'],
  KVP: 120,
  PatientPosition: 'HFS',
  FrameOfReferenceUID: uidOf(`${instance.plan.studyUid}/frame of reference`),
  PositionReferenceIndicator: '',
  ...position(geometry, instance.number),
  RescaleIntercept: 0,
  RescaleSlope: 1,
  RescaleType: geometry.slices === null ? 'US' : 'HU',
})

const radiography = (geometry: Geometry): Readonly<Record<string, unknown>> => ({
  ImageType: ['ORIGINAL', 'PRIMARY'],
  ViewPosition: 'AP',
  PatientOrientation: ['L', 'F'],
  ImagerPixelSpacing: [geometry.millimetres / geometry.size, geometry.millimetres / geometry.size],
})

/** Every attribute of an image but its pixels, by DICOM keyword. The person is as synthetic as the picture. */
export function attributesOf(instance: HeldInstance): Readonly<Record<string, unknown>> {
  const { plan, patient, series, taken, number } = instance
  const geometry = geometryOf(series)
  const { date, time } = clock(taken)
  const spacing = decimal(geometry.millimetres / geometry.size)
  const signed = geometry.slices !== null
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: SOP_CLASS[plan.modality],
    SOPInstanceUID: instance.instanceUid,
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: time,
    SeriesTime: time,
    ContentTime: time,
    AccessionNumber: plan.accession,
    Modality: plan.modality,
    Manufacturer: 'Syntetisk',
    InstitutionName: plan.trust === OUS ? 'Oslo universitetssykehus HF' : 'Akershus universitetssykehus HF',
    ReferringPhysicianName: '',
    StudyDescription: plan.procedure,
    SeriesDescription: series.description,
    PatientName: `${patient.family}^${patient.given}`,
    PatientID: patient.patient,
    PatientBirthDate: patient.birthDate.replaceAll('-', ''),
    PatientSex: patient.gender === 'female' ? 'F' : 'M',
    BodyPartExamined: series.bodySite.text.toUpperCase(),
    StudyInstanceUID: plan.studyUid,
    SeriesInstanceUID: series.seriesUid,
    StudyID: plan.study,
    SeriesNumber: series.number,
    InstanceNumber: number,
    ...(plan.modality === 'CT' ? tomography(instance, geometry) : radiography(geometry)),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: geometry.size,
    Columns: geometry.size,
    PixelSpacing: [spacing, spacing],
    BitsAllocated: 16,
    BitsStored: signed ? 16 : 12,
    HighBit: signed ? 15 : 11,
    PixelRepresentation: signed ? 1 : 0,
    WindowCenter: series.window.centre,
    WindowWidth: series.window.width,
  }
}
