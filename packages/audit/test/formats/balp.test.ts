import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatBalp } from '#src/formats/balp.ts'
import { aRecord } from '#test/records.ts'
import type { Loose } from './loose.ts'
import { NAMES } from './names.ts'

const event = (given = {}) => {
  const made = formatBalp(aRecord({ detail: { tokenId: 'jti-1' }, ...given }), NAMES)
  return made && (JSON.parse(JSON.stringify(made)) as Record<string, Loose>) // read as any FHIR client would
}

describe('the AuditEvent of IHE Basic Audit (norway.md §5.2)', () => {
  test('is a REST event with its interaction and the profile of what was done', () => {
    const made = event()
    assert.equal(made?.['type'].code, 'rest')
    assert.equal(made?.['subtype'][0].code, 'read')
    assert.deepEqual(made?.['meta'].profile, [
      'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead',
    ])
  })

  test('names client, server and user, and the token by its id', () => {
    const codes = event()?.['agent'].map(({ type }: Loose) => type.coding.map(({ code }: Loose) => code))
    assert.deepEqual(codes, [['110153'], ['110152'], ['IRCP', 'UserOauthAgent']])
    assert.deepEqual(event()?.['agent'][2].policy, ['jti-1'])
    assert.equal(event()?.['agent'].filter(({ requestor }: Loose) => requestor).length, 1)
  })

  test('names patient, data and request, and of a search the names of its parameters', () => {
    const what = { interaction: 'search-type', type: 'Observation', ids: [], count: 3, query: 'category&date' }
    const made = event({ what })
    assert.deepEqual(made?.['meta'].profile, [
      'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery',
    ])
    assert.equal(made?.['action'], 'E')
    const query = made?.['entity'].find(({ role }: Loose) => role?.code === '24')
    assert.equal(Buffer.from(query.query, 'base64').toString(), 'Observation?category&date')
    assert.deepEqual(
      event()?.['entity'].map(({ role, type }: Loose) => role?.code ?? type.code),
      ['1', '4', 'XrequestId'],
    )
  })

  test('is made of calls of the FHIR API only', () => {
    assert.equal(event({ activity: 'login', what: null }), undefined)
  })
})
