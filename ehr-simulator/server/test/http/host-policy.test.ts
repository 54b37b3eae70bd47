import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { createLog } from '@uthopp/server-kit/log'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { createHostPolicy } from '#src/http/host-policy.ts'

const key = await generateSigningKey('ES256')
const ELSEWHERE = 'http://127.0.0.1:9'

async function opened(policy: object) {
  const lines: string[] = []
  const host = await createHostPolicy({
    deployment: parseDeployment({
      world: 'demo',
      addresses: { launcher: ELSEWHERE, host: ELSEWHERE, auth: ELSEWHERE, gateway: ELSEWHERE },
      hostOrigins: [ELSEWHERE],
      trusts: [{ orgnr: '993467049', name: 'Oslo universitetssykehus HF', shortName: 'OUS', policy }],
      apps: [],
    }),
    roomsOf: () => undefined,
    keyOf: () => key,
    log: createLog({ name: 'host', level: 'info', write: (line) => lines.push(line) }),
    now: () => new Date(),
  })
  const [warnings, ready] = [host.warnings(), host.ready()]
  await host.close()
  return { warnings, ready, lines }
}

describe('policy at the host', () => {
  test('that is acted on has nothing to warn of', async () => {
    const { warnings, lines } = await opened({ host: 'enforce' })
    assert.deepEqual(warnings, [])
    assert.equal(lines.join('').includes('policy-not-enforced'), false)
  })

  for (const stage of ['log-only', 'off']) {
    test(`that is ${stage} says so at start and in health, by the trust’s name`, async () => {
      const { warnings, lines } = await opened({ host: stage })
      assert.deepEqual(warnings, [`993467049: policy at the host is ${stage}; it takes nothing from anybody`])
      assert.match(lines.join(''), /policy-not-enforced/)
    })
  }

  test('with rules that cannot be read warns and tells which trust and why; it stops only where they are acted on', async () => {
    const rules = mkdtempSync(join(tmpdir(), 'uthopp-rules-'))
    writeFileSync(join(rules, 'broken.cedar'), 'permit (')
    after(() => rmSync(rules, { recursive: true }))
    const enforced = await opened({ host: 'enforce', rules })
    assert.match(enforced.warnings.join(''), /the rules on disk are refused \(.+\); none serves/)
    assert.notEqual(enforced.ready, undefined)
    const told = enforced.lines.find((line) => line.includes('policy-rules-refused')) ?? ''
    assert.deepEqual(
      [told.includes('993467049'), told.includes('"reason"'), told.includes('error')],
      [true, true, true],
    )
    const watched = await opened({ host: 'log-only', rules })
    assert.equal(watched.ready, undefined)
    assert.equal(watched.warnings.length, 2)
  })

  test('that is decided elsewhere is no reason to keep the facts from whoever decides: it is told, and the port is ready', async () => {
    const rules = mkdtempSync(join(tmpdir(), 'uthopp-rules-'))
    writeFileSync(join(rules, 'broken.cedar'), 'permit (')
    after(() => rmSync(rules, { recursive: true }))
    const { ready } = await opened({ host: 'enforce', rules, pdp: `${ELSEWHERE}/993467049/pdp` })
    assert.equal(ready, undefined)
  })

  test('whose own access control is named is decided here, by the rules that are here', async () => {
    const rules = mkdtempSync(join(tmpdir(), 'uthopp-rules-'))
    writeFileSync(join(rules, 'broken.cedar'), 'permit (')
    after(() => rmSync(rules, { recursive: true }))
    const { ready } = await opened({ host: 'enforce', rules, pdp: `${ELSEWHERE}/993467049/caac/decide` })
    assert.notEqual(ready, undefined)
  })
})
