import { expect, test } from '@playwright/test'
import { HttpBrowser } from '../lib/http-browser.ts'
import { postJson } from '../lib/smart-client.ts'
import { registerClient } from './client-kinds.ts'
import { exchangeForm, KIT_SCOPE, kindNamed } from './launched.ts'
import { askForCode, authorizationRequest, openFromHost } from './launches.ts'
import { runningTarget, useServer } from './running-world.ts'
import { askForTokens, introspectOwn } from './tokens.ts'

const server = useServer()
const target = runningTarget()
const [PATIENT, ENCOUNTER, OTHERS_ENCOUNTER] = ['cdp1001', 'enc1001', 'enc1002']

/** Items of every shape SMART App Launch 2.2.0 knows; the canonical has its type in the path, as the kits want it. */
const CONTEXT = [
  { reference: `Patient/${PATIENT}`, role: 'https://ehr.example/roles/subject-of-care' },
  {
    canonical: 'https://forms.example/Questionnaire/pain|1',
    type: 'Questionnaire',
    role: 'https://ehr.example/roles/form',
  },
  { identifier: { system: 'urn:oid:1.2.3', value: 'A-77' }, type: 'ServiceRequest' },
]

test('encounter, fhirContext and intent of a launch stand in the token answer, in each refresh and in introspection alike', async () => {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kindNamed('public'), { scope: KIT_SCOPE, keyServer })
  const context = { patient: PATIENT, encounter: ENCOUNTER, fhirContext: CONTEXT, intent: 'show-pain' }
  const browser = new HttpBrowser()
  const request = authorizationRequest(target, client, await openFromHost(browser, target, client, context))
  const redirect = await askForCode(browser, target, smart, client, request.parameters)
  const tokens = await askForTokens(client, smart.token_endpoint, exchangeForm({ client, request, redirect }))
  const refreshed = await askForTokens(client, smart.token_endpoint, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
  })
  const { body } = await introspectOwn(client, smart.introspection_endpoint ?? '', refreshed.access_token)
  for (const answer of [tokens, refreshed, body]) expect(answer).toMatchObject({ ...context, tenant: target.tenant })
})

test('a context that is no array of objects, or holds what SMART keeps out of it, is never launched', async () => {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kindNamed('public'), { scope: KIT_SCOPE, keyServer })
  for (const item of [
    'ImagingStudy/1',
    {},
    { type: 'ImagingStudy' },
    { reference: `Patient/${PATIENT}` },
    { reference: `Patient/${PATIENT}`, role: 'launch' },
    { reference: `Encounter/${ENCOUNTER}` },
    { reference: 'https://elsewhere.example/fhir/List/1' },
    { reference: '/List/1' },
    { reference: 'list/1' },
    { reference: 'Nothing/1' },
    { reference: 'List/one two' },
    { reference: `List/${'1'.repeat(65)}` },
    { canonical: 'https://forms.example/Questionnaire/pain', role: '' },
    { canonical: 'https://forms.example/Questionnaire/pain', role: 'form' },
    { canonical: 'https://forms.example/Questionnaire/pain', type: 'Nothing' },
    { canonical: 17 },
    { identifier: 'A-77' },
  ]) {
    const { status, body } = await postJson(`${target.launcher}/api/launches`, {
      tenant: target.tenant,
      client_id: client.clientId,
      patient: PATIENT,
      fhirContext: [item],
    })
    expect([item, status, body['error']]).toEqual([item, 400, 'invalid_request'])
  }
})

test('an encounter of another patient, or of nobody, is never launched', async () => {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kindNamed('public'), { scope: KIT_SCOPE, keyServer })
  for (const encounter of [OTHERS_ENCOUNTER, 'enc-nobody']) {
    const { status } = await postJson(`${target.launcher}/api/launches`, {
      tenant: target.tenant,
      client_id: client.clientId,
      patient: PATIENT,
      encounter,
    })
    expect(status).toBe(400)
  }
})
