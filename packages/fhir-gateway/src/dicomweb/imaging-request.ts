import { type Problem, problem } from '@uthopp/smart-core/problem'

/** What a request to the imaging door means (DICOM PS3.18 §10, Studies Service). */
export type ImagingRequest =
  | { readonly kind: 'find-studies' }
  | {
      readonly kind: 'within-study'
      readonly studyUid: string
      /** Path below the door, each segment already checked. */
      readonly path: string
      /** `json`: small, parsed and checked. `bytes`: pixels, passed on as they come. */
      readonly answers: 'json' | 'bytes'
    }

/** DICOM PS3.5 §9.1. */
const UID = /^[0-9]+(?:\.[0-9]+)*$/
const isUid = (text: string | undefined): text is string => text !== undefined && text.length <= 64 && UID.test(text)

/** What may follow the study, series and instance; everything else is refused. */
const TAILS: readonly (readonly [tail: RegExp, answers: 'json' | 'bytes'])[] = [
  [/^$/, 'bytes'],
  [/^\/metadata$/, 'json'],
  [/^\/(?:rendered|thumbnail)$/, 'bytes'],
  [/^\/frames\/[0-9]{1,6}(?:,[0-9]{1,6}){0,99}(?:\/(?:rendered|thumbnail))?$/, 'bytes'],
  [/^\/bulkdata(?:\/[A-Za-z0-9_-]{1,64}){1,16}$/, 'bytes'],
]

/**
 * Reads a path below the imaging door.
 *
 * Only reading within one study and finding studies are offered: searches for series or instances across studies could not
 * be confined by study, and nothing is stored through this door.
 */
export function parseImagingRequest(method: string, path: string): ImagingRequest | Problem {
  if (method !== 'GET' && method !== 'HEAD') return problem(method, 'nothing is stored or changed through this door')
  const [studies, studyUid, ...rest] = path.split('/')
  if (studies !== 'studies') return problem('', 'only studies are offered at this door')
  if (studyUid === undefined || (studyUid === '' && rest.length === 0)) return { kind: 'find-studies' }
  if (!isUid(studyUid)) return problem('', 'a study is named by its UID')
  const answers = answersOf(rest)
  if (answers === undefined) return problem('', 'this is not offered within a study')
  return { kind: 'within-study', studyUid, path: ['studies', studyUid, ...rest].join('/'), answers }
}

function answersOf(rest: readonly string[]): 'json' | 'bytes' | undefined {
  const [level, uid, ...below] = rest
  if ((level === 'series' || level === 'instances') && rest.length === 1) return 'json'
  if (level !== 'series' || !isUid(uid)) return tailOf(rest)
  if (below[0] !== 'instances') return tailOf(below)
  if (below.length === 1) return 'json'
  return isUid(below[1]) ? tailOf(below.slice(2)) : undefined
}

function tailOf(segments: readonly string[]): 'json' | 'bytes' | undefined {
  const tail = segments.map((segment) => `/${segment}`).join('')
  return TAILS.find(([shape]) => shape.test(tail))?.[1]
}
