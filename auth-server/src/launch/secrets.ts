import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes, randomInt } from 'node:crypto'

/** 256 bits in base64url: what every bearer secret of a launch is made of (SMART App Launch 2.2.0 asks for 128 at least). */
const SECRET_BYTES = 32
/** 22 base64url characters, as the name of the proof cookie wants them; one case only, so that logs tell an id from a secret. */
const LAUNCH_ID_LENGTH = 22
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const IV_BYTES = 12
const TAG_BYTES = 16

export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url')
/** Public, and told apart from a secret at sight. */
export const newId = (length: number): string =>
  Array.from({ length }, () => ID_ALPHABET.charAt(randomInt(ID_ALPHABET.length))).join('')
export const newLaunchId = (): string => newId(LAUNCH_ID_LENGTH)

const GRANT_RANDOM_BYTES = 12

/** Public. The time comes first, so that rows and index entries of grants made together stand together, on few pages. */
export const newGrantId = (at: Date): string =>
  at.getTime().toString(36).padStart(9, '0') + randomBytes(GRANT_RANDOM_BYTES).toString('hex')

/** What storage keeps in place of a bearer secret. The secrets have full entropy, so an unsalted hash gives nothing away. */
export const secretHash = (secret: string): string => hash('sha256', secret, 'base64url')

/** The start step must hand out a handle that storage does not hold: it follows from the start secret, which the browser brings. */
export const handleFor = (startSecret: string): string =>
  createHmac('sha256', startSecret).update('launch').digest('base64url')

const sealingKey = (proof: string): Buffer => createHmac('sha256', proof).update('seal').digest()

/**
 * Locks the handle away between the start address and the check hop.
 * Only the proof cookie opens it, so neither storage alone nor the address of the check hop yields a handle.
 */
export function sealHandle(handle: string, proof: string, launchId: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(proof), iv).setAAD(Buffer.from(launchId))
  return Buffer.concat([iv, cipher.update(handle, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Throws when the proof, the launch id or the sealed bytes are not the ones `sealHandle` saw. */
export function openHandle(sealed: string, proof: string, launchId: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(proof), bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(launchId))
    .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  const handle = decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES))
  return Buffer.concat([handle, decipher.final()]).toString('utf8')
}
