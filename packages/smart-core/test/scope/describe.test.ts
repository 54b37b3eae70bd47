import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeScope } from '#src/scope/describe.ts'
import { parseScope } from '#src/scope/scope.ts'
import { corpus } from '#test/corpus.ts'
import { read } from '#test/required.ts'

describe('the sentence about a scope', () => {
  for (const [scope, nb, en] of [
    [
      'patient/Observation.rs',
      'Lese og søke i målinger og funn for pasienten som er åpen',
      'Read and search measurements and findings of the open patient',
    ],
    [
      'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
      'Lese og søke i målinger og funn for pasienten som er åpen, kun der category er laboratory',
      'Read and search measurements and findings of the open patient, only where category is laboratory',
    ],
    [
      'user/Task.write',
      'Opprette, endre og slette oppgaver for pasienter du selv har tilgang til',
      'Create, change and delete tasks of patients you may see yourself',
    ],
    [
      'user/Basic.cuds?code=https://app.example|prefs',
      'Lagre egne opplysninger (prefs) om deg og pasienten som er åpen',
      'Keep notes of its own (prefs) about you and the open patient',
    ],
    ['offline_access', 'Beholde tilgangen når du ikke er til stede', 'Keep access when you are away'],
    ['fhirUser', 'Vite hvem du er', 'Know who you are'],
  ] as const) {
    test(`${scope} is in Norwegian and English`, () => {
      assert.equal(describeScope(read(parseScope(scope)), 'nb'), nb)
      assert.equal(describeScope(read(parseScope(scope)), 'en'), en)
    })
  }

  test('exists for every scope there is', () => {
    for (const { scope } of (corpus('scopes') as { readonly wellFormed: readonly { readonly scope: string }[] })
      .wellFormed) {
      assert.match(describeScope(read(parseScope(scope)), 'nb'), /^\p{Lu}.{5,}/u)
      assert.match(describeScope(read(parseScope(scope)), 'en'), /^\p{Lu}.{5,}/u)
    }
  })
})
