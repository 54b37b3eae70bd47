/** What an issuer tells the gateway of an ordinary launch. */
export const GRANT = {
  launch: 'launch-of-the-tests',
  kind: 'ehr',
  user_kind: 'clinician',
  role: 'role-of-the-tests',
  decision: null,
  purpose: 'TREAT',
  acr: 4,
  session: 'session-of-the-tests',
  workspace: null,
  zone: 'internal',
  may_write: true,
  attested_at: '2026-11-20T09:00:00Z',
}

type At = { readonly auth: string; readonly orgnr: string; readonly base: string }

/** The claims of an access token of that launch; some may be bent, `undefined` removes one. */
export function claimsOf(
  { auth, orgnr, base }: At,
  claims: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  const all = {
    iss: `${auth}/${orgnr}`,
    aud: base,
    sub: 'stf101',
    client_id: 'pacs-viewer',
    scope: 'launch openid fhirUser patient/*.rs',
    tenant: orgnr,
    patient: 'pat-a',
    grant_id: 'grant-of-the-tests',
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
    ...claims,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
