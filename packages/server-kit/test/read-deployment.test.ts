import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ConfigProblem } from '#src/config.ts'
import { brandIdentifierOf, dicomwebDoorOf, directoryOf, fhirBaseOf, issuerOf } from '#src/deployment.ts'
import { readProcessConfig } from '#src/process-config.ts'
import { parseDeployment, readDeployment } from '#src/read-deployment.ts'

const APP = {
  clientId: 'nutrition',
  name: 'Ernæring',
  origin: 'http://localhost:4102',
  launchUris: ['http://localhost:4102/launch.html'],
  redirectUris: ['http://localhost:4102/'],
  scope: 'launch openid fhirUser patient/Observation.rs?category=vital-signs',
  contexts: ['patient'],
}
const DEPLOYMENT = {
  world: 'demo',
  addresses: {
    launcher: 'http://localhost:4200',
    host: 'http://localhost:4300',
    auth: 'http://localhost:4400',
    gateway: 'http://localhost:4500',
  },
  trusts: [{ orgnr: '993467049', name: 'Oslo universitetssykehus HF', shortName: 'OUS' }],
  apps: [APP],
}

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems
    throw error
  }
  return []
}

describe('the deployment file', () => {
  test('what it leaves out follows from the addresses', () => {
    const deployment = parseDeployment(DEPLOYMENT)
    assert.equal(deployment.trusts[0]?.fhirUpstream, 'http://localhost:4300/993467049/fhir')
    assert.equal(deployment.trusts[0]?.dicomwebUpstream, 'http://localhost:4300/993467049/dicomweb')
    assert.deepEqual(deployment.hostOrigins, ['http://localhost:4300'])
    assert.deepEqual(deployment.apps, [APP])
    assert.ok(Object.isFrozen(deployment.addresses) && Object.isFrozen(deployment.trusts))
    assert.equal(issuerOf(deployment, '993467049'), 'http://localhost:4400/993467049')
    assert.equal(fhirBaseOf(deployment, '993467049'), 'http://localhost:4500/993467049/fhir')
    assert.equal(dicomwebDoorOf(deployment, '993467049'), 'http://localhost:4500/993467049/dicomweb')
    assert.equal(directoryOf(deployment, '993467049'), 'http://localhost:4300/993467049/directory')
  })

  test('no app is called as a process is that speaks with powers of its own', () => {
    for (const clientId of ['gateway', 'host', 'launcher', 'hub'])
      assert.deepEqual(
        problemsOf(() => parseDeployment({ ...DEPLOYMENT, apps: [{ ...APP, clientId }] })),
        [`deployment apps: \`${clientId}\` is the name of a process of the deployment`],
      )
  })

  test('a trust names the registers that may change its facts, each with a key at an address that may be used', () => {
    const [trust] = DEPLOYMENT.trusts
    const read = (registers: unknown) => ({ ...DEPLOYMENT, trusts: [{ ...trust, registers }] })
    const register = { issuer: 'https://pas.example', jwksUri: 'https://pas.example/jwks' }
    assert.deepEqual(parseDeployment(read([register])).trusts[0]?.registers, [register])
    for (const wrong of [
      { issuer: 'https://pas.example' },
      { ...register, jwksUri: 'ftp://x' },
      { ...register, scope: 'x' },
      'pas',
    ])
      assert.throws(() => parseDeployment(read([wrong])), /registers/)
  })

  test('a trust that says nothing about policy has every stage enforced; a stage it misspells is a fault and not a default', () => {
    const [trust] = DEPLOYMENT.trusts
    const read = (policy: unknown) => ({ ...DEPLOYMENT, trusts: [{ ...trust, policy }] })
    const enforced = { issuance: 'enforce', gateway: 'enforce', host: 'enforce' }
    assert.deepEqual(parseDeployment(DEPLOYMENT).trusts[0]?.policy, enforced)
    assert.deepEqual(parseDeployment(read({ gateway: 'log-only', rules: 'rules' })).trusts[0]?.policy, {
      ...enforced,
      gateway: 'log-only',
      rules: 'rules',
    })
    for (const wrong of [
      { gateway: 'Enforce' },
      { gateway: '' },
      { gateway: null },
      { pip: 'off' },
      { pdp: 'nowhere' },
      'off',
      null,
      [],
    ])
      assert.equal(problemsOf(() => parseDeployment(read(wrong))).length, 1, JSON.stringify(wrong))
  })

  test('an app says which form its tokens have and which SMART it speaks, or nothing', () => {
    const read = (changes: object) => parseDeployment({ ...DEPLOYMENT, apps: [{ ...APP, ...changes }] }).apps[0]
    assert.equal(read({ accessTokenFormat: 'opaque' })?.accessTokenFormat, 'opaque')
    assert.equal(read({ smartLevel: '1.0' })?.smartLevel, '1.0')
    for (const wrong of [{ accessTokenFormat: 'jwe' }, { smartLevel: '1' }, { zone: 'outer' }, { mayWrite: 'no' }])
      assert.equal(problemsOf(() => read(wrong)).length, 1)
  })

  test('brands are each of one trust, told apart by their sites, and send nobody anywhere in the clear', () => {
    const trust = { orgnr: '993467049', site: 'https://www.ous.example/om' }
    const brands = { developerSite: 'https://dev.example', trusts: [trust] }
    const faults = (changed: object) => problemsOf(() => parseDeployment({ ...DEPLOYMENT, brands: changed })).length
    assert.deepEqual(parseDeployment({ ...DEPLOYMENT, brands }).brands, brands)
    assert.ok(!('brands' in parseDeployment(DEPLOYMENT)))
    assert.equal(brandIdentifierOf(trust).value, 'https://ous.example')
    for (const changed of [
      { ...brands, trusts: [{ ...trust, orgnr: '983971636' }] },
      { ...brands, trusts: [{ ...trust, site: 'http://ous.example' }] },
      { ...brands, trusts: [{ ...trust, logo: 'ous.svg' }] },
      { ...brands, trusts: [{ ...trust, portal: { name: 'x' } }] },
      { ...brands, trusts: [{ ...trust, title: 'x' }] },
      { ...brands, region: { orgnr: '991324968', name: 'x', site: 'https://ous.example/region' } },
      { ...brands, region: { orgnr: '993467049', name: 'x', site: 'https://region.example' } },
      { trusts: [] },
      [],
    ])
      assert.equal(faults(changed), 1, JSON.stringify(changed))
  })

  test('all its faults are reported together', () => {
    const problems = problemsOf(() =>
      parseDeployment({
        ...DEPLOYMENT,
        addresses: { ...DEPLOYMENT.addresses, auth: 'http://localhost:4400/', gateway: 'gateway' },
        hostOrigins: ['http://localhost:4300/993467049'],
        trusts: [
          { orgnr: '99346704', name: 'Oslo', shortName: 'OUS' },
          { orgnr: '983971636', name: 'Ahus' },
        ],
        apps: [APP, APP],
      }),
    )
    assert.deepEqual(problems, [
      'deployment addresses.auth: `http://localhost:4400/` must not end with a slash',
      'deployment addresses.gateway: `gateway` is not an address',
      'deployment trusts[0]: `99346704` is not an organisation number',
      'deployment trusts[1]: member `shortName` is missing',
      'deployment apps: `nutrition` is there twice',
      'deployment hostOrigins: `http://localhost:4300/993467049` is not an origin',
    ])
  })

  test('unknown, missing and wrong members are reported together, at every level', () => {
    const { launcher, host } = DEPLOYMENT.addresses
    const problems = problemsOf(() =>
      parseDeployment({
        world: 'test',
        wrold: 'demo',
        colour: 'blue',
        addresses: { launcher, host, atuh: 'http://localhost:4400' },
        hostOrigins: 'http://localhost:4300',
        trusts: [{ orgnr: 993467049, fhirUpstream: 'fhir', hue: 1 }],
        apps: [{ ...APP, contexts: ['ward'], launchUris: undefined }, 'nutrition'],
      }),
    )
    assert.deepEqual(problems, [
      'deployment: unknown member `wrold`',
      'deployment: unknown member `colour`',
      'deployment: `world` must be one of demo, production',
      'deployment: `hostOrigins` must be a list',
      'deployment addresses: unknown member `atuh`',
      'deployment addresses: member `auth` is missing',
      'deployment addresses: member `gateway` is missing',
      'deployment trusts[0]: unknown member `hue`',
      'deployment trusts[0]: member `name` is missing',
      'deployment trusts[0]: member `shortName` is missing',
      'deployment trusts[0]: `orgnr` must be a text',
      'deployment trusts[0].fhirUpstream: `fhir` is not an address',
      'deployment apps[0]: `launchUris` must be a list',
      'deployment apps[0]: `contexts[0]` must be one of patient, unit',
      'deployment apps[1]: expected a JSON object',
    ])
  })

  test('a file that is empty, or no object, is told by what it lacks', () => {
    assert.deepEqual(
      problemsOf(() => parseDeployment({})),
      ['world', 'addresses', 'trusts'].map((name) => `deployment: member \`${name}\` is missing`),
    )
    assert.deepEqual(
      problemsOf(() => parseDeployment([])),
      ['deployment: expected a JSON object'],
    )
  })

  test('a host address that is none is a fault like any other', () => {
    const addresses = { ...DEPLOYMENT.addresses, host: 'nonsense' }
    assert.ok(
      problemsOf(() => parseDeployment({ ...DEPLOYMENT, addresses })).includes(
        'deployment addresses.host: `nonsense` is not an address',
      ),
    )
  })

  test('outside the demo world nothing may travel in the clear', () => {
    const problems = problemsOf(() => parseDeployment({ ...DEPLOYMENT, world: 'production', apps: [] }))
    assert.equal(problems.length, 7)
    for (const problem of problems) assert.match(problem, /must be https$/)
  })

  test('a member nobody knows is refused by its name', () => {
    assert.deepEqual(
      problemsOf(() => parseDeployment({ ...DEPLOYMENT, secret: 1 })),
      ['deployment: unknown member `secret`'],
    )
  })
})

describe('the configuration of a process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'uthopp-kit-'))
  after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'deployment.json')
  writeFileSync(file, JSON.stringify(DEPLOYMENT))

  test('the port is that of its own address, unless PORT says another', () => {
    const env = { UTHOPP_DEPLOYMENT: file, UTHOPP_STORAGE: 'memory' }
    assert.equal(readProcessConfig(env, { address: 'auth' }).port, 4400)
    assert.equal(readProcessConfig({ ...env, PORT: '9000' }, { address: 'auth' }).port, 9000)
  })

  test('faults of the environment and of the deployment file come together, without repeating the database address', () => {
    const broken = join(directory, 'broken.json')
    writeFileSync(broken, JSON.stringify({ ...DEPLOYMENT, trusts: [] }))
    const problems = problemsOf(() =>
      readProcessConfig({ UTHOPP_DEPLOYMENT: broken, UTHOPP_DATABASE: 'mysql://u:hemmelig@db' }, { address: 'host' }),
    )
    assert.deepEqual(problems, [
      'UTHOPP_DATABASE: is not a postgres:// address',
      'deployment trusts: at least one is needed',
    ])
    assert.deepEqual(
      problemsOf(() => readProcessConfig({ UTHOPP_DEPLOYMENT: file }, { address: 'host' })),
      ['UTHOPP_DATA: is required unless UTHOPP_STORAGE is memory'],
    )
  })

  test('a file that is absent or not JSON is one line, not a stack', () => {
    const text = join(directory, 'text.json')
    writeFileSync(text, 'not json')
    assert.deepEqual(
      problemsOf(() => readDeployment(text)),
      [`UTHOPP_DEPLOYMENT: \`${text}\` is not valid JSON`],
    )
    assert.deepEqual(
      problemsOf(() => readDeployment('/nowhere.json')),
      ['UTHOPP_DEPLOYMENT: `/nowhere.json` cannot be read'],
    )
  })
})
