import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AccessContext, decideInteraction } from '#src/access.ts'
import { parseFhirInteraction } from '#src/fhir/interaction.ts'
import { needsOf } from '#src/fhir/needs.ts'
import { parseFhirId } from '#src/fhir-id.ts'
import { parseScopeSet } from '#src/scope/scope-set.ts'
import { corpus, splitRequest } from '#test/corpus.ts'
import { read } from '#test/required.ts'

type Case = { readonly scopes: string; readonly request: string; readonly patient?: boolean; readonly answer: string }

function answerTo({ scopes, request, patient = true }: Case): string {
  const access: AccessContext = {
    subject: 'stf101',
    clientId: 'pacs-viewer',
    tenant: '993467049',
    scopes: parseScopeSet(scopes).scopes,
    fhirUser: 'Practitioner/stf101',
    expiresAt: new Date('2030-01-01T00:00:00Z'),
    ...(patient && { patient: read(parseFhirId('cdp1001')) }),
  }
  const needs = read(needsOf(read(parseFhirInteraction(splitRequest(request)))))
  const denied = needs.map((need) => decideInteraction(access, need)).find((decision) => decision.effect === 'deny')
  return denied?.effect === 'deny' ? denied.rule : 'permit'
}

describe('every need of a request is decided', () => {
  // The table is our own and committed.
  for (const given of corpus('access') as readonly Case[]) {
    test(`${given.request} with ${given.scopes || 'no scope'}${given.patient === false ? ' and no patient' : ''}: ${given.answer}`, () => {
      assert.equal(answerTo(given), given.answer)
    })
  }
})
