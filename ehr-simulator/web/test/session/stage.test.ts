import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Refused } from '#src/api/client.ts'
import type { SessionFace } from '#src/api/session.ts'
import { afterRefusal, stageAtDoor, stageOf, stageOfAnswer } from '#src/session/stage.ts'

const TRUST = { orgnr: '993467049', name: 'OUS', shortName: 'OUS', world: 'demo' } as const
const ROLE = { id: 'agb102', name: 'Sykepleier', organization: 'OUS', unit: '4B', controls: false }
const session = (role: SessionFace['role']): SessionFace => ({
  trust: TRUST,
  person: { id: 'stf102', family: 'Fjell', given: 'Jon', profession: 'Sykepleier' },
  roles: [ROLE],
  role,
  apps: [],
  onlyRole: true,
})
const refused = (status: number, code: string): Refused => ({ kind: 'refused', status, code, correlation: null })

describe('the way in', () => {
  test('nobody signed in sees the sign-in page without asking for a session', () => {
    assert.equal(stageAtDoor({ kind: 'answered', value: { ...TRUST, signedIn: false } })?.kind, 'signed-out')
    assert.equal(stageAtDoor({ kind: 'answered', value: { ...TRUST, signedIn: true } }), null)
    assert.equal(stageAtDoor(refused(0, 'unreachable'))?.kind, 'unreachable')
  })

  test('a session without a role chooses one before anything else', () => {
    assert.equal(stageOf(session(null)).kind, 'choosing-role')
    assert.equal(stageOfAnswer({ kind: 'answered', value: session(ROLE) }).kind, 'working')
  })

  test('a session that ran out ends the work and says so', () => {
    const stage = afterRefusal(stageOf(session(ROLE)), refused(401, 'not_signed_in'))
    assert.deepEqual(stage, { kind: 'signed-out', trust: TRUST, expired: true })
  })

  test('a refusal of one question leaves the rest of the work alone', () => {
    const working = stageOf(session(ROLE))
    assert.equal(afterRefusal(working, refused(403, 'patient_not_available')), working)
  })

  test('a wrong password does not read as an ended session', () => {
    const out = { kind: 'signed-out', trust: TRUST, expired: false } as const
    assert.equal(afterRefusal(out, refused(401, 'invalid_credentials')), out)
  })
})
