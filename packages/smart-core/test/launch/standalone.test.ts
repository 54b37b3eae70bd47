import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseFhirId } from '#src/fhir-id.ts'
import type { LaunchHandle, LaunchRequest } from '#src/launch/launch.ts'
import { completeStandaloneContext, type StandaloneAnswers } from '#src/launch/standalone.ts'
import { isProblem } from '#src/problem.ts'
import { read } from '#test/required.ts'

const request: LaunchRequest = {
  stage: 'request',
  tenant: '993467049',
  clientId: 'pacs-viewer',
  scope: 'launch/patient openid patient/*.rs',
  audience: 'http://localhost:4500/993467049/fhir',
  handle: null,
}
const id = (text: string) => read(parseFhirId(text))
const answers: StandaloneAnswers = {
  user: id('stf101'),
  fhirUser: 'http://localhost:4500/993467049/fhir/Practitioner/stf101',
  role: id('agb101'),
  patient: id('cdp1001'),
  encounter: null,
}

describe('a standalone context', () => {
  test('is what the person answered, and asks for the banner no host shows (SAL-96)', () => {
    const context = read(completeStandaloneContext(request, answers))
    assert.equal(context.kind, 'standalone')
    assert.deepEqual(
      [context.user, context.role, context.patient, context.encounter],
      ['stf101', 'agb101', 'cdp1001', null],
    )
    assert.equal(context.needPatientBanner, true)
    assert.deepEqual([context.session, context.workspace, context.launchId, context.intent], [null, null, null, null])
    assert.deepEqual(context.fhirContext, [])
  })

  test('does not exist for a request with a handle, or for an encounter of nobody (SAL-95)', () => {
    const withHandle = { ...request, handle: 'h' as LaunchHandle } // any text will do here
    assert.ok(isProblem(completeStandaloneContext(withHandle, answers)))
    assert.ok(isProblem(completeStandaloneContext(request, { ...answers, patient: null, encounter: id('enc1') })))
  })
})
