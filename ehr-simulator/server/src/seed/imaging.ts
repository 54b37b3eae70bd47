import { uidOf } from './uid.ts'
import { AHUS, OUS, type TrustNumber } from './units.ts'

/** What the pixels show; each is drawn by the imaging archive (dicomweb/). */
export type Phantom =
  | { readonly kind: 'chest-ct'; readonly noduleMillimetres: number; readonly emphysema: boolean }
  | { readonly kind: 'abdomen-ct' }
  | { readonly kind: 'head-ct' }
  | { readonly kind: 'scout'; readonly noduleMillimetres: number; readonly emphysema: boolean }
  | { readonly kind: 'chest-cr'; readonly noduleMillimetres: number; readonly emphysema: boolean }
  | { readonly kind: 'pelvis-cr'; readonly state: 'fractured' | 'operated' }
  | { readonly kind: 'knee-cr' }

export type SeriesPlan = {
  readonly seriesUid: string
  readonly number: number
  readonly description: string
  readonly instances: number
  readonly phantom: Phantom
  readonly window: { readonly centre: number; readonly width: number }
  readonly bodySite: { readonly snomed: string; readonly text: string }
}

export type StudyPlan = {
  /** ImagingStudy id. */
  readonly study: string
  readonly trust: TrustNumber
  readonly patient: string
  readonly studyUid: string
  readonly accession: string
  readonly modality: 'CT' | 'CR'
  readonly procedure: string
  /** How long before the seeding the images were taken. */
  readonly hoursAgo: number
  readonly reason: string
  readonly series: readonly SeriesPlan[]
}

/** SOP Instance UID of the nth image (from 1) of a series; the archive and ImagingStudy agree through this. */
export const instanceUid = (seriesUid: string, number: number): string => uidOf(`${seriesUid}/${number}`)

const LUNG = { centre: -600, width: 1500 }
const SOFT = { centre: 40, width: 400 }
const BRAIN = { centre: 40, width: 80 }
const PLAIN = { centre: 2048, width: 4096 }
const CHEST = { snomed: '51185008', text: 'Thorax' }
const ABDOMEN = { snomed: '818983003', text: 'Abdomen' }
const HEAD = { snomed: '69536005', text: 'Caput' }
const PELVIS = { snomed: '12921003', text: 'Bekken' }
const KNEE = { snomed: '72696002', text: 'Kne' }

type SeriesSketch = Omit<SeriesPlan, 'seriesUid' | 'number'>
const series = (
  description: string,
  instances: number,
  phantom: Phantom,
  window: SeriesPlan['window'],
  bodySite: SeriesPlan['bodySite'],
): SeriesSketch => ({ description, instances, phantom, window, bodySite })

const chestSeries = (noduleMillimetres: number, emphysema: boolean): readonly SeriesSketch[] => [
  series('Oversiktsbilde', 1, { kind: 'scout', noduleMillimetres, emphysema }, PLAIN, CHEST),
  series('Thorax aksial 5 mm, lunge', 60, { kind: 'chest-ct', noduleMillimetres, emphysema }, LUNG, CHEST),
  series('Thorax aksial 5 mm, mediastinum', 60, { kind: 'chest-ct', noduleMillimetres, emphysema }, SOFT, CHEST),
]

const study = (
  id: string,
  accession: string,
  modality: StudyPlan['modality'],
  procedure: string,
  hoursAgo: number,
  reason: string,
  sketches: readonly SeriesSketch[],
): StudyPlan => ({
  study: id,
  trust: id.startsWith('img1') ? OUS : AHUS,
  patient: `cdp${id.slice(3, 7)}`,
  studyUid: uidOf(id),
  accession,
  modality,
  procedure,
  hoursAgo,
  reason,
  series: sketches.map((sketch, index) => ({ ...sketch, seriesUid: uidOf(`${id}/${index + 1}`), number: index + 1 })),
})

const DAY = 24
const YEAR = 365 * DAY
const chestFilm = (noduleMillimetres: number, emphysema: boolean) =>
  series('Thorax front, stående', 1, { kind: 'chest-cr', noduleMillimetres, emphysema }, PLAIN, CHEST)

export const studies: readonly StudyPlan[] = [
  study(
    'img1004-1',
    'OUS26-0412345',
    'CT',
    'CT thorax med kontrast',
    20,
    'Hemoptyse og vekttap',
    chestSeries(21, false),
  ),
  study('img1004-2', 'OUS25-0298817', 'CT', 'CT thorax uten kontrast', 14 * 30 * DAY, 'Kontroll etter pneumoni', [
    series('Thorax aksial 5 mm, lunge', 60, { kind: 'chest-ct', noduleMillimetres: 7, emphysema: false }, LUNG, CHEST),
  ]),
  study('img1004-3', 'OUS24-0177204', 'CR', 'Røntgen thorax', 2 * YEAR + 40 * DAY, 'Langvarig hoste', [
    chestFilm(0, false),
  ]),
  study(
    'img1001-1',
    'OUS26-0411120',
    'CR',
    'Røntgen bekken og høyre hofte',
    3 * DAY + 6,
    'Fall hjemme, smerter i høyre hofte',
    [series('Bekken front', 1, { kind: 'pelvis-cr', state: 'fractured' }, PLAIN, PELVIS)],
  ),
  study(
    'img1001-2',
    'OUS26-0411893',
    'CR',
    'Røntgen høyre hofte, kontroll',
    2 * DAY + 2,
    'Kontroll etter hemiprotese',
    [series('Bekken front', 1, { kind: 'pelvis-cr', state: 'operated' }, PLAIN, PELVIS)],
  ),
  study('img1005-1', 'OUS26-0398710', 'CT', 'CT abdomen og bekken med kontrast', 16 * DAY, 'Utredning tykktarmskreft', [
    series('Abdomen aksial 5 mm', 60, { kind: 'abdomen-ct' }, SOFT, ABDOMEN),
  ]),
  study('img1006-1', 'OUS26-0351006', 'CT', 'CT thorax', 61 * DAY, 'Stadieinndeling brystkreft', [
    series('Thorax aksial 5 mm', 60, { kind: 'chest-ct', noduleMillimetres: 0, emphysema: false }, SOFT, CHEST),
  ]),
  study('img1007-1', 'OUS26-0410377', 'CR', 'Røntgen venstre kne', 4 * DAY, 'Vridningstraume', [
    series('Kne front', 1, { kind: 'knee-cr' }, PLAIN, KNEE),
  ]),
  study('img1008-1', 'OUS26-0412201', 'CT', 'CT caput uten kontrast', 27, 'Funnet bevisstløs', [
    series('Caput aksial 5 mm', 30, { kind: 'head-ct' }, BRAIN, HEAD),
  ]),
  study(
    'img2003-1',
    'AHUS26-088412',
    'CT',
    'CT thorax',
    28,
    'KOLS-forverring, spørsmål om pneumoni',
    chestSeries(0, true),
  ),
  study('img2003-2', 'AHUS25-041960', 'CR', 'Røntgen thorax', 300 * DAY, 'Tungpust', [chestFilm(0, true)]),
  study('img2002-1', 'AHUS26-088530', 'CR', 'Røntgen thorax', 9, 'Alvorlig astmaanfall', [chestFilm(0, false)]),
]
