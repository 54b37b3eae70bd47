import { hash } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import type { ClientKeys } from './client.ts'

type InlineKeys = Extract<ClientKeys, { readonly kind: 'inline' }>

const digestOf = (jwks: JSONWebKeySet): string => hash('sha256', JSON.stringify(jwks), 'base64url')

/** Keys as their owner registered them, with what shows later that they still are (SAL-32). */
export const inlineKeys = (jwks: JSONWebKeySet): InlineKeys => ({ kind: 'inline', jwks, digest: digestOf(jwks) })

/** The registered keys, or none when the stored set is not the one that was registered: then nobody authenticates with it. */
export const readInlineKeys = ({ jwks, digest }: InlineKeys): JSONWebKeySet =>
  digestOf(jwks) === digest ? jwks : { keys: [] }
