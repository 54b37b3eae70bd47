import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ImagingStudy } from '@medplum/fhirtypes'
import { data } from 'dcmjs'
import { studies, type StudyPlan } from '#src/seed/imaging.ts'
import { AHUS, OUS } from '#src/seed/units.ts'
import { openArchive, partsOf } from './archive-door.ts'

type Dataset = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>

const planOf = (id: string): StudyPlan => {
  const plan = studies.find(({ study }) => study === id)
  assert.ok(plan, id)
  return plan
}
const CHEST = planOf('img1004-1')
const [, LUNG] = CHEST.series
assert.ok(LUNG)
const SERIES = `/studies/${CHEST.studyUid}/series/${LUNG.seriesUid}`
const OCTETS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
const json = async (response: Response): Promise<readonly Dataset[]> => (await response.json()) as readonly Dataset[] // the assertions that follow read it
const value = (dataset: Dataset | undefined, tag: string): unknown => dataset?.[tag]?.Value?.[0]

describe('imaging archive', () => {
  test('a search finds the studies of a patient, with their accession number, modality and counts', async (context) => {
    const { get } = await openArchive(context, OUS)
    const answer = await get('/studies?PatientID=cdp1004')
    assert.equal(answer.headers.get('content-type')?.split(';')[0], 'application/dicom+json')
    const found = await json(answer)
    assert.deepEqual(
      found.map((study) => value(study, '0020000D')),
      ['img1004-1', 'img1004-2', 'img1004-3'].map((id) => planOf(id).studyUid),
    )
    assert.equal(value(found[0], '00080050'), CHEST.accession)
    assert.equal(value(found[0], '00201206'), 3)
    assert.equal(value(found[0], '00201208'), 121)
    assert.deepEqual(found[0]?.['00100010']?.Value, [{ Alphabetic: 'Hansen^Nora' }])
  })

  test('searches match on tags, lists, dates and pages', async (context) => {
    const { get } = await openArchive(context, OUS)
    const count = async (query: string): Promise<number> => (await json(await get(`/studies?${query}`))).length
    assert.equal(await count(''), 9)
    assert.equal(await count('00080061=CR'), 4)
    assert.equal(await count(`StudyInstanceUID=${CHEST.studyUid},${planOf('img1005-1').studyUid}`), 2)
    assert.equal(await count('StudyDate=20000101-20001231'), 0)
    assert.equal(await count('StudyDate=20000101-'), 9)
    assert.equal(await count('limit=2&offset=8'), 1)
    assert.equal(await count('AccessionNumber=*&includefield=all'), 9)
  })

  test('series and instances are those of the ImagingStudy resource, UID by UID', async (context) => {
    for (const trust of [OUS, AHUS]) {
      const { get, store } = await openArchive(context, trust)
      for (const resource of await store.findAll<ImagingStudy>('ImagingStudy?_count=50')) {
        const uid = planOf(resource.id).studyUid
        const series = await json(await get(`/studies/${uid}/series`))
        assert.deepEqual(
          series.map((one) => value(one, '0020000E')),
          resource.series?.map((one) => one.uid),
        )
        assert.deepEqual(
          series.map((one) => value(one, '00201209')),
          resource.series?.map((one) => one.numberOfInstances),
        )
        const instances = await json(await get(`/studies/${uid}/instances`))
        assert.deepEqual(
          instances.map((one) => value(one, '00080018')),
          resource.series?.flatMap((one) => one.instance?.map((image) => image.uid) ?? []),
        )
      }
    }
  })

  test('metadata of a stack gives what a viewer needs, slice by slice, without pixels', async (context) => {
    const { get } = await openArchive(context, OUS)
    const metadata = await json(await get(`${SERIES}/metadata`))
    assert.equal(metadata.length, 60)
    assert.deepEqual(
      metadata.map((slice) => value(slice, '00200013')),
      Array.from({ length: 60 }, (_, index) => index + 1),
    )
    const heights = metadata.map((slice) => slice['00200032']?.Value?.[2])
    assert.deepEqual([heights[0], heights[59]], [147.5, -147.5])
    for (const slice of metadata) {
      assert.equal(slice['7FE00010'], undefined)
      for (const tag of [
        '00280010',
        '00280011',
        '00280100',
        '00280103',
        '00281052',
        '00281053',
        '00281050',
        '00280030',
        '00200037',
      ]) {
        assert.equal(typeof value(slice, tag), 'number', tag)
      }
    }
    assert.equal((await json(await get(`/studies/${CHEST.studyUid}/metadata`))).length, 121)
  })

  test('a file parses as DICOM, and its pixels are the frame, bit by bit', async (context) => {
    const { get } = await openArchive(context, OUS)
    const [image] = await json(await get(`${SERIES}/instances?limit=1&offset=15`))
    const path = `${SERIES}/instances/${String(value(image, '00080018'))}`
    const [file] = await partsOf(await get(path))
    assert.match(file?.type ?? '', /^Content-Type: application\/dicom/)
    const bytes = file?.bytes ?? Buffer.alloc(0)
    const parsed = data.DicomMessage.readFile(new Uint8Array(bytes).buffer)
    const [frame] = await partsOf(await get(`${path}/frames/1`, OCTETS))
    const pixels = parsed.dict['7FE00010']?.Value?.[0]
    assert.ok(pixels instanceof ArrayBuffer)
    assert.equal(frame?.bytes.byteLength, 256 * 256 * 2)
    assert.ok(Buffer.from(pixels).equals(frame.bytes))
    assert.equal(parsed.meta['00020010']?.Value?.[0], '1.2.840.10008.1.2.1')
    assert.equal(parsed.dict['00100020']?.Value?.[0], 'cdp1004')
    assert.equal(parsed.dict['00200013']?.Value?.[0], 16)
  })

  test('every study of both trusts has a file that parses', async (context) => {
    for (const trust of [OUS, AHUS]) {
      const { get } = await openArchive(context, trust)
      for (const plan of studies.filter((study) => study.trust === trust)) {
        const [image] = await json(await get(`/studies/${plan.studyUid}/instances?limit=1`))
        const series = String(value(image, '0020000E'))
        const [file] = await partsOf(
          await get(`/studies/${plan.studyUid}/series/${series}/instances/${String(value(image, '00080018'))}`),
        )
        const parsed = data.DicomMessage.readFile(new Uint8Array(file?.bytes ?? []).buffer)
        assert.equal(parsed.dict['0020000D']?.Value?.[0], plan.studyUid)
        assert.equal(parsed.dict['00100020']?.Value?.[0], plan.patient)
      }
    }
  })

  test('a whole series comes as one part for each image', async (context) => {
    const { get } = await openArchive(context, OUS)
    const parts = await partsOf(await get(SERIES, 'multipart/related; type="application/dicom"'))
    assert.equal(parts.length, 60)
    for (const { bytes } of parts) assert.equal(bytes.subarray(128, 132).toString(), 'DICM')
  })

  test('the first frame of a cold study is there within a second and a half', async (context) => {
    for (const [trust, id] of [
      [OUS, 'img1004-1'],
      [AHUS, 'img2003-1'],
    ] as const) {
      const { get } = await openArchive(context, trust)
      const plan = planOf(id)
      const start = performance.now()
      const [image] = await json(await get(`/studies/${plan.studyUid}/instances?limit=1`))
      const path = `/studies/${plan.studyUid}/series/${String(value(image, '0020000E'))}/instances/${String(value(image, '00080018'))}/frames/1`
      assert.equal((await partsOf(await get(path, OCTETS))).length, 1)
      assert.ok(performance.now() - start < 1500)
    }
  })

  test('what is not there is not found: other UIDs, mixed UIDs, a second frame', async (context) => {
    const { get } = await openArchive(context, OUS)
    const other = planOf('img1005-1')
    const [image] = await json(await get(`${SERIES}/instances?limit=1`))
    const instance = String(value(image, '00080018'))
    for (const path of [
      '/studies/1.2.3/metadata',
      '/studies/1.2.3/series',
      `/studies/${other.studyUid}/series/${LUNG.seriesUid}/metadata`,
      `/studies/${other.studyUid}/series/${LUNG.seriesUid}/instances/${instance}/frames/1`,
      `${SERIES}/instances/1.2.3/frames/1`,
      `${SERIES}/instances/${instance}/frames/2`,
      `${SERIES}/instances/${instance}/frames/1,1`,
      `${SERIES}/instances/${instance}/frames/..%2F1`,
      `/studies/${encodeURIComponent('../../etc/passwd')}/metadata`,
    ]) {
      assert.equal((await get(path)).status, 404, path)
    }
  })

  test("a trust's archive does not have another trust's study", async (context) => {
    const { get } = await openArchive(context, AHUS)
    assert.equal((await get(`/studies/${CHEST.studyUid}/metadata`)).status, 404)
    assert.deepEqual(await json(await get('/studies?PatientID=cdp1004')), [])
  })

  test('a study that has gone from the record has gone from the archive', async (context) => {
    const { get, store } = await openArchive(context, OUS)
    await store.deleteResource('ImagingStudy', 'img1004-1')
    assert.equal((await get(`${SERIES}/metadata`)).status, 404)
    assert.equal((await json(await get('/studies?PatientID=cdp1004'))).length, 2)
  })

  test('a condition that cannot be matched on is refused, not ignored', async (context) => {
    const { get } = await openArchive(context, OUS)
    for (const query of ['PatientName=Hansen*', 'patient=cdp1004', 'limit=-1', 'offset=x', '00101000=1']) {
      const answer = await get(`/studies?${query}`)
      assert.equal(answer.status, 400, query)
      assert.equal(((await answer.json()) as { error: string }).error, 'invalid_request') // refusals have this shape
    }
  })

  test('a form of image that is not offered is refused', async (context) => {
    const { get } = await openArchive(context, OUS)
    const [image] = await json(await get(`${SERIES}/instances?limit=1`))
    const path = `${SERIES}/instances/${String(value(image, '00080018'))}`
    for (const accept of [
      'image/jpeg',
      'multipart/related; type="image/jp2"',
      'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.4.90',
    ]) {
      assert.equal((await get(`${path}/frames/1`, accept)).status, 406, accept)
    }
    assert.equal((await get(path, OCTETS)).status, 406)
    assert.equal((await get(`${path}/frames/1`, `image/jpeg, ${OCTETS}`)).status, 200)
  })
})
