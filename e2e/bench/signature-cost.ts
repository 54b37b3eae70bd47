import { generateKeyPairSync, sign, webcrypto } from 'node:crypto'

const ROUNDS = 300
const DATA = new TextEncoder().encode('x'.repeat(700))

/** Processor milliseconds of one signature (or check) by the same calls the servers make, on this machine, now. */
export type SignatureCost = {
  readonly rs256Sign: number
  readonly es256Sign: number
  readonly es256Verify: number
  /** Not how the servers sign: what is left of ES256 when no thread is told of it. For whoever reads the ratios. */
  readonly es256OnTheSpot: number
}

export async function measureSignatures(): Promise<SignatureCost> {
  const rsa = await webcrypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    false,
    ['sign', 'verify'],
  )
  const ec = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const es256 = { name: 'ECDSA', hash: 'SHA-256' }
  const signed = await webcrypto.subtle.sign(es256, ec.privateKey, DATA)
  const onTheSpot = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  return {
    rs256Sign: await cpuEach(() => webcrypto.subtle.sign('RSASSA-PKCS1-v1_5', rsa.privateKey, DATA)),
    es256Sign: await cpuEach(() => webcrypto.subtle.sign(es256, ec.privateKey, DATA)),
    es256OnTheSpot: await cpuEach(async () => sign('sha256', DATA, { key: onTheSpot, dsaEncoding: 'ieee-p1363' })),
    es256Verify: await cpuEach(() => webcrypto.subtle.verify(es256, ec.publicKey, signed, DATA)),
  }
}

async function cpuEach(step: () => Promise<unknown>): Promise<number> {
  for (let warm = 0; warm < ROUNDS / 3; warm += 1) await step()
  const before = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round += 1) await step()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1000 / ROUNDS
}
