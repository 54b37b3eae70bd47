import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  AuthorizedLaunch,
  GrantId,
  LaunchContext,
  LaunchHandle,
  LaunchId,
  LaunchRequest,
  LaunchTicket,
} from '#src/launch/launch.ts'
import { parseLaunchIntent } from '#src/launch/launch-intent.ts'
import { accessTokenClaims, idTokenClaims, tokenResponseFields } from '#src/launch/projections.ts'
import { authorizeLaunch, completeEhrContext } from '#src/launch/stages.ts'
import { parseFhirId } from '#src/fhir-id.ts'
import { isProblem } from '#src/problem.ts'
import { corpus } from '#test/corpus.ts'
import { read } from '#test/required.ts'

const { full } = corpus('launch-intents') as { readonly full: object } // our own committed table
const intent = read(parseLaunchIntent(full))
const FHIR_USER = 'http://localhost:4500/993467049/fhir/Practitioner/stf101'

const ticket: LaunchTicket = {
  stage: 'ticket',
  launchId: 'launch-1' as LaunchId, // any text will do here
  tenant: '993467049',
  host: 'host',
  intent: { ...intent, role: read(parseFhirId('agb101')) },
  offeredAt: new Date('2030-01-01T00:00:00Z'),
  expiresAt: new Date('2030-01-01T00:05:00Z'),
}
const request: LaunchRequest = {
  stage: 'request',
  tenant: '993467049',
  clientId: 'pacs-viewer',
  scope: 'launch openid fhirUser patient/*.rs',
  audience: 'http://localhost:4500/993467049/fhir',
  handle: 'h' as LaunchHandle, // any text will do here
}
const context = read(completeEhrContext(ticket, request, FHIR_USER))
const grantId = 'grant-1' as GrantId // any text will do here

const authorized = (granted: readonly string[], change: Partial<LaunchContext> = {}): AuthorizedLaunch =>
  read(authorizeLaunch({ ...context, ...change }, { granted, withheld: [] }, grantId))

describe('a launch context', () => {
  test('takes person, patient and session from the ticket and the audience from the request', () => {
    assert.equal(context.user, 'stf101')
    assert.equal(context.patient, 'cdp1001')
    assert.equal(context.session, 's-1')
    assert.equal(context.audience, 'http://localhost:4500/993467049/fhir')
    assert.equal(context.launchId, 'launch-1')
  })

  test('does not exist for another client, another trust or a request without handle (SAL-41)', () => {
    for (const change of [{ clientId: 'nutrition' }, { tenant: '983971636' }, { handle: null }])
      assert.ok(isProblem(completeEhrContext(ticket, { ...request, ...change }, FHIR_USER)))
  })
})

describe('a launch', () => {
  test('walks one way: a room that is handed an earlier stage does not type-check', () => {
    const shortcuts = [
      // @ts-expect-error -- an intent nobody has accepted
      () => completeEhrContext(intent, request, FHIR_USER),
      // @ts-expect-error -- a ticket nobody has redeemed
      () => authorizeLaunch(ticket, { granted: ['launch'], withheld: [] }, grantId),
      // @ts-expect-error -- a context nothing was granted for
      () => tokenResponseFields(context),
      // @ts-expect-error -- a handle in the place of a launch id
      (): LaunchId => 'h' as LaunchHandle,
    ]
    assert.equal(shortcuts.length, 4)
  })
})

describe('an authorized launch', () => {
  test('does not exist when nothing is granted (SAL-84)', () => {
    assert.ok(isProblem(authorizeLaunch(context, { granted: [], withheld: [] }, grantId)))
  })

  test('does not exist with a patient scope and no patient (SAL-50)', () => {
    const nobody = { ...context, patient: null, encounter: null }
    assert.ok(isProblem(authorizeLaunch(nobody, { granted: ['patient/Observation.rs'], withheld: [] }, grantId)))
    assert.ok(!isProblem(authorizeLaunch(nobody, { granted: ['user/Observation.rs'], withheld: [] }, grantId)))
  })

  test('tells an app with `launch` its whole context (SAL-92)', () => {
    assert.deepEqual(tokenResponseFields(authorized(['launch', 'patient/*.rs'])), {
      patient: 'cdp1001',
      encounter: 'enc1',
      fhirContext: intent.fhirContext,
      need_patient_banner: false,
      intent: 'compare',
      appContext: '{"form": "nrs-2002",\n "step": 2}',
      smart_style_url: 'http://localhost:4300/993467049/style.json',
      tenant: '993467049',
    })
  })

  test('tells an app no more context than its scopes ask for', () => {
    const fields = (granted: readonly string[]): object => tokenResponseFields(authorized(granted))
    assert.deepEqual(fields(['openid']), { need_patient_banner: false, tenant: '993467049' })
    assert.deepEqual(fields(['launch/patient']), {
      patient: 'cdp1001',
      need_patient_banner: false,
      tenant: '993467049',
    })
    assert.deepEqual(fields(['patient/Observation.rs']), {
      patient: 'cdp1001',
      need_patient_banner: false,
      tenant: '993467049',
    })
    assert.deepEqual(fields(['launch/imagingstudy', 'launch/encounter']), {
      encounter: 'enc1',
      fhirContext: [{ reference: 'ImagingStudy/st1' }],
      need_patient_banner: false,
      tenant: '993467049',
    })
  })

  test('of before there was an `appContext` still has its tokens', () => {
    const { appContext: _, ...older } = context
    const launch = authorized(['launch'])
    assert.equal('appContext' in tokenResponseFields({ ...launch, context: older as LaunchContext }), false) // as stored then
  })

  test('says nothing of what there is not', () => {
    const bare = {
      patient: null,
      encounter: null,
      fhirContext: [],
      intent: null,
      appContext: null,
      needPatientBanner: null,
      smartStyleUrl: null,
    }
    assert.deepEqual(tokenResponseFields(authorized(['launch', 'user/Encounter.rs'], bare)), { tenant: '993467049' })
    assert.deepEqual(accessTokenClaims(authorized(['launch', 'user/Encounter.rs'], bare)), {
      tenant: '993467049',
      grant_id: 'grant-1',
    })
  })

  test('puts neither names, roles, decisions nor assurance into the access token', () => {
    assert.deepEqual(accessTokenClaims(authorized(['launch', 'openid', 'fhirUser', 'patient/*.rs'])), {
      tenant: '993467049',
      grant_id: 'grant-1',
      patient: 'cdp1001',
      encounter: 'enc1',
    })
  })

  test('names the patient in the access token whenever the response does (SAL-93)', () => {
    for (const scope of ['launch', 'launch/patient', 'patient/Observation.r', 'openid', 'user/Observation.rs']) {
      const launch = authorized([scope])
      assert.equal(accessTokenClaims(launch).patient, tokenResponseFields(launch).patient)
    }
  })

  test('names the person in the ID token only when both scopes are granted (SAL-115)', () => {
    assert.deepEqual(idTokenClaims(authorized(['openid', 'fhirUser'])), { fhirUser: FHIR_USER })
    assert.deepEqual(idTokenClaims(authorized(['openid', 'profile'])), { fhirUser: FHIR_USER })
    assert.deepEqual(idTokenClaims(authorized(['openid'])), {})
    assert.deepEqual(idTokenClaims(authorized(['fhirUser'])), {})
    assert.deepEqual(idTokenClaims(authorized(['openid', 'fhirUser'], { fhirUser: null })), {})
  })
})
