import type { StatePlace, StateWish } from '#src/app-state/state-store.ts'

export const CLIENT = 'pacs-viewer'
export const PLACE: StatePlace = {
  system: 'https://app.example',
  code: 'prefs',
  holder: 'Practitioner/stf101',
  subject: 'https://gateway.example/993467049/fhir/Practitioner/stf101',
}

export const aWish = ({
  content = '{}',
  ...place
}: Partial<StatePlace> & { readonly content?: string } = {}): StateWish => ({
  place: { ...PLACE, ...place },
  content,
  now: new Date('2030-01-01T00:00:00Z'),
})
