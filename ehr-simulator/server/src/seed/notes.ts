import { Buffer } from 'node:buffer'
import type { CodeableConcept } from '@medplum/fhirtypes'
import { type Chart, profile, reference } from './chart.ts'
import { concept, loinc, volven } from './codings.ts'
import { OUS } from './units.ts'

const noteTypes = {
  admission: concept('Innkomstjournal', loinc('34117-2', 'History and physical note')),
  progress: concept('Journalnotat lege', loinc('11506-3', 'Progress note')),
  nursing: concept('Sykepleienotat', loinc('34746-8', 'Nurse Note')),
  consult: concept('Tilsynsnotat', loinc('11488-4', 'Consult note')),
  outpatient: concept('Poliklinisk notat', loinc('34131-3', 'Outpatient Progress note')),
  discharge: concept('Epikrise', loinc('18842-5', 'Discharge summary')),
  ambulance: concept('Ambulansejournal', loinc('28570-0', 'Procedure note')),
} as const satisfies Readonly<Record<string, CodeableConcept>>

export type Note = {
  readonly type: keyof typeof noteTypes
  readonly title: string
  readonly hoursAgo: number
  /** Practitioner reference. */
  readonly author: string
  readonly text: string
  readonly encounter?: string
  /** Volven 9603: NORS limits clinicians, the NORN_ family only the citizen's own view. */
  readonly withheld?: { readonly code: string; readonly display: string }
}

/** Stories are wrapped to fit this file; in a note a line ends only where a paragraph does. */
const unwrapped = (text: string): string => text.replaceAll(/(?<!\n)\n(?!\n)/g, ' ')

/** Writes a text document: the bytes as Binary, and its entry in the document list. */
export function writeNote(chart: Chart, note: Note): string {
  const text = `${note.title}\n\n${unwrapped(note.text)}\n`
  const binary = chart.add('bin', {
    resourceType: 'Binary',
    contentType: 'text/plain;charset=utf-8',
    // FHIR R4 §2.37.3: who may read the document may read its bytes.
    securityContext: chart.subject,
    data: Buffer.from(text, 'utf8').toString('base64'),
  })
  const written = chart.at(note.hoursAgo)
  const withheld = note.withheld
  return chart.add('dok', {
    resourceType: 'DocumentReference',
    meta: {
      ...profile('DocumentReference'),
      ...(withheld ? { security: [volven(9603, withheld.code, withheld.display)] } : {}),
    },
    status: 'current',
    docStatus: 'final',
    type: noteTypes[note.type],
    subject: chart.subject,
    date: written,
    author: [reference(note.author)],
    custodian: reference(chart.patient.trust === OUS ? 'Organization/aks101' : 'Organization/aks201'),
    description: note.title,
    ...(withheld ? { securityLabel: [concept(withheld.display, volven(9603, withheld.code, withheld.display))] } : {}),
    content: [
      {
        attachment: {
          contentType: 'text/plain;charset=utf-8',
          language: 'nb',
          url: binary,
          size: Buffer.byteLength(text, 'utf8'),
          title: note.title,
          creation: written,
        },
      },
    ],
    context: { encounter: [reference(`Encounter/${note.encounter ?? chart.patient.encounter}`)] },
  })
}
