import { readBasic } from '@uthopp/server-kit/basic-credentials'
import { formOf } from '#src/http/form-of.ts'

/** Who a request says it is, before anything about it is believed. */
export type Claim = {
  /** `credentials` prove a client; a `grant` is a code or refresh token of an app that has none to show. */
  readonly kind: 'credentials' | 'grant'
  readonly clientId: string
}

const textIn = (json: string, name: string): string => {
  try {
    const value: unknown = JSON.parse(json)
    const member: unknown =
      typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : ''
    return typeof member === 'string' ? member : ''
  } catch {
    return ''
  }
}

const fromJwt = (jwt: string, name: string): string =>
  textIn(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'), name)

/** Undefined where nothing is shown that could be guessed. */
export function claimOf(authorization: string, body: Buffer): Claim | undefined {
  const [, scheme = '', value = ''] = /^(basic|bearer) +(\S+)$/i.exec(authorization) ?? []
  if (scheme !== '') {
    const clientId = /^basic$/i.test(scheme) ? (readBasic(authorization)?.id ?? '') : fromJwt(value, 'client_id')
    return { kind: 'credentials', clientId }
  }
  const form = formOf(body)
  const assertion = form.get('client_assertion')
  if (assertion !== null) return { kind: 'credentials', clientId: fromJwt(assertion, 'sub') }
  const clientId = form.get('client_id') ?? ''
  if (form.has('client_secret')) return { kind: 'credentials', clientId }
  return grantGiven(body) === undefined ? undefined : { kind: 'grant', clientId }
}

/** The code or refresh token of a token request. */
export function grantGiven(body: Buffer): { readonly model: string; readonly value: string } | undefined {
  const form = formOf(body)
  const code = form.get('code')
  const token = form.get('refresh_token')
  if (form.get('grant_type') === 'authorization_code' && code !== null)
    return { model: 'AuthorizationCode', value: code }
  if (form.get('grant_type') === 'refresh_token' && token !== null) return { model: 'RefreshToken', value: token }
  return undefined
}
