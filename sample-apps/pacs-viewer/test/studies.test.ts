import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dicomwebAddress } from '../src/imaging/dicomweb-address.ts'
import { framesOf } from '../src/imaging/instances.ts'
import { parseReport, reportsOn, summaryOf } from '../src/imaging/report.ts'
import { mainSeries, newestFirst, parseStudy, type Study, studyToOpen } from '../src/imaging/study.ts'

const aStudy = (id: string, started?: string): Study => {
  const parsed = parseStudy({
    resourceType: 'ImagingStudy',
    id,
    ...(started ? { started } : {}),
    modality: [{ code: 'CT' }],
    identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:2.25.17' }],
    endpoint: [{ reference: 'Endpoint/end101' }],
    series: [
      { uid: '2.25.1', modality: { code: 'CT' }, numberOfInstances: 1 },
      { uid: '2.25.2', modality: { code: 'CT' }, numberOfInstances: 60 },
    ],
  })
  assert.ok(parsed)
  return parsed
}

describe('the list of studies', () => {
  test('is newest first across time zones, with undated studies last', () => {
    const studies = [
      aStudy('undated'),
      aStudy('old', '2024-03-11T09:00:00+01:00'),
      aStudy('late', '2026-04-27T23:30:00+02:00'),
      aStudy('later', '2026-04-27T21:45:00Z'),
    ]
    assert.deepEqual(
      newestFirst(studies).map((study) => study.id),
      ['later', 'late', 'old', 'undated'],
    )
  })

  test('opens the study of the launch, else the newest', () => {
    const studies = [aStudy('old', '2024-03-11'), aStudy('new', '2026-04-27')]
    assert.equal(studyToOpen(studies, [])?.id, 'new')
    assert.equal(studyToOpen(studies, ['PractitionerRole/agb101', 'ImagingStudy/old'])?.id, 'old')
    assert.equal(studyToOpen(studies, ['ImagingStudy/of-somebody-else'])?.id, 'new')
    assert.equal(studyToOpen([], ['ImagingStudy/old']), undefined)
  })

  test('the UID loses its URN, and the series with most images is the one to read', () => {
    assert.equal(aStudy('a').uid, '2.25.17')
    assert.equal(mainSeries(aStudy('a'))?.uid, '2.25.2')
  })

  test('a resource of another type is no study', () => {
    assert.equal(parseStudy({ resourceType: 'Patient', id: 'cdp1004' }), undefined)
  })
})

describe('what was answered', () => {
  const report = (status: string, id: string, issued: string) =>
    parseReport({
      resourceType: 'DiagnosticReport',
      status,
      issued,
      imagingStudy: [{ reference: `http://gateway.test/fhir/ImagingStudy/${id}` }],
      conclusion: status,
    })

  test('belongs to its own study only, newest first', () => {
    const reports = [
      report('preliminary', 'img1', '2026-04-27T10:00:00Z'),
      report('final', 'img1', '2026-04-27T12:00:00Z'),
      report('final', 'img11', '2026-04-28T12:00:00Z'),
    ].flatMap((found) => found ?? [])
    assert.deepEqual(
      reportsOn('img1', reports).map((found) => found.text),
      ['final', 'preliminary'],
    )
  })

  test('entered in error is never shown', () => {
    assert.equal(report('entered-in-error', 'img1', '2026-04-27T10:00:00Z'), undefined)
  })
})

describe('where the token may go for pixels', () => {
  const base = 'http://gateway.test:4500/993467049/fhir'
  const endpoint = (address: string, more = {}) => ({
    status: 'active',
    connectionType: { code: 'dicom-wado-rs' },
    address,
    ...more,
  })

  test('the address of the Endpoint, without trailing slash', () => {
    const address = 'http://gateway.test:4500/993467049/dicomweb/'
    assert.equal(dicomwebAddress(endpoint(address), base), 'http://gateway.test:4500/993467049/dicomweb')
  })

  test('an Endpoint at another origin gets nothing', () => {
    for (const address of [
      'http://elsewhere.test/dicomweb',
      'http://gateway.test:4501/dicomweb',
      'https://gateway.test:4500/dicomweb',
      'http://gateway.test:4500@elsewhere.test/dicomweb',
      'javascript:alert(1)',
      '',
    ]) {
      assert.equal(dicomwebAddress(endpoint(address), base), undefined, address)
    }
  })

  test('neither does one that is switched off or speaks something else', () => {
    const address = 'http://gateway.test:4500/993467049/dicomweb'
    assert.equal(dicomwebAddress(endpoint(address, { status: 'off' }), base), undefined)
    assert.equal(dicomwebAddress(endpoint(address, { connectionType: { code: 'hl7-fhir-rest' } }), base), undefined)
  })
})

describe('the frames of a series', () => {
  const instance = (uid: unknown, number: unknown) => ({
    '00080018': { vr: 'UI', Value: [uid] },
    '00200013': { vr: 'IS', Value: [number] },
  })

  test('come in the order of their instance numbers, written as numbers or text', () => {
    const frames = framesOf('http://g/series/1', [
      instance('2.25.3', 10),
      instance('2.25.1', '2'),
      instance('2.25.2', 9),
    ])
    assert.deepEqual(
      frames.map((frame) => frame.address),
      [
        'http://g/series/1/instances/2.25.1/frames/1',
        'http://g/series/1/instances/2.25.2/frames/1',
        'http://g/series/1/instances/2.25.3/frames/1',
      ],
    )
  })

  test('a UID that is a path is left out', () => {
    assert.deepEqual(framesOf('http://g/series/1', [instance('../../patients', 1), instance(7, 2), null]), [])
    assert.deepEqual(framesOf('http://g/series/1', { resourceType: 'OperationOutcome' }), [])
  })
})

test('a report nobody could read is never called missing', () => {
  assert.equal(summaryOf({ reports: [], failure: undefined }), 'ikke beskrevet')
  const unavailable = { kind: 'unavailable', correlationId: '' } as const
  assert.equal(summaryOf({ reports: [], failure: unavailable }), 'beskrivelsen kunne ikke leses')
  const refused = { kind: 'no-access', whose: 'person', correlationId: '' } as const
  assert.equal(summaryOf({ reports: [], failure: refused }), 'ingen tilgang til beskrivelsen')
})
