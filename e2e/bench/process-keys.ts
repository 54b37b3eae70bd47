import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { importJWK, type JWK, SignJWT } from 'jose'
import { OUS } from '../lib/addresses.ts'
import type { Contestant } from './contestant.ts'

/** A process's own key, from the database it keeps it in: the bench asks as that process does. */
function keyIn(file: string, column: string, query: string, ...values: readonly string[]): JWK {
  const database = new DatabaseSync(file, { readOnly: true })
  const row = database.prepare(query).get(...values)
  database.close()
  return JSON.parse(String(row?.[column])) as JWK // the process wrote it as such
}

const signed = async (jwk: JWK, typ: string) => ({
  key: await importJWK(jwk, 'ES256'),
  header: { alg: 'ES256', kid: jwk.kid ?? '', typ },
})

/** Makes the assertions the host authenticates with at the token endpoint. */
export async function hostAssertions(data: string, issuer: string): Promise<() => Promise<string>> {
  const query = 'select private_jwk from signing_key where tenant = ?'
  const { key, header } = await signed(keyIn(join(data, 'host.sqlite'), 'private_jwk', query, OUS), 'JWT')
  return () =>
    new SignJWT()
      .setProtectedHeader(header)
      .setIssuer('host')
      .setSubject('host')
      .setAudience(`${issuer}/token`)
      .setIssuedAt()
      .setExpirationTime('60s')
      .setJti(randomUUID())
      .sign(key)
}

/** A token the FHIR store takes from the gateway: with it the very requests of the gateway are made past it. */
export async function storeToken({ addresses, data }: Contestant): Promise<string> {
  const jwk = keyIn(join(data, 'gateway.sqlite'), 'jwk', 'select jwk from service_key where slot = 1')
  const { key, header } = await signed(jwk, 'at+jwt')
  return new SignJWT()
    .setProtectedHeader(header)
    .setIssuer(addresses.gateway)
    .setSubject(addresses.gateway)
    .setAudience(`${addresses.host}/${OUS}/fhir`)
    .setIssuedAt()
    .setExpirationTime('300s')
    .setJti(randomUUID())
    .sign(key)
}
