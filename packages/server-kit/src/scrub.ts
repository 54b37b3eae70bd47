const QUERY = /(https?:\/\/[^\s"'?#\\]+)[?#][^\s"'\\]*/g
const AUTHORIZATION = /\b(Bearer|Basic|DPoP)\s+[^\s"'\\]+/gi
// JOSE compact forms begin with the base64url of `{"`; three parts signed, five encrypted.
const JOSE = /\beyJ[\w-]+(?:\.[\w-]*){1,4}/g
const WHITE = /\s/
const ELEVEN_DIGITS = /\d{6}[ -]?\d{5}/
const RUN = /[A-Za-z0-9_-]{20,}/g
// A national identity number is eleven digits, often written as six and five. Trace ids and UUIDs, in the first two branches,
// hold such runs by chance and must stay readable: people quote them.
const NATIONAL_ID =
  /(?<id>\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)|(?<![\d.])\d{6}[ -]?\d{5}(?![\d.])/g

/** Uniform random text shows itself by length, or by mixing the three alphabets as no word of ours does. */
const looksSecret = (run: string): boolean =>
  run.length >= 40 || (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run))

/**
 * Takes what looks like a secret or a national identity number out of a text.
 *
 * The second net only: the first is that nobody hands such a value to the log. UUIDs (36) and trace ids (32 hex) pass.
 */
export function scrub(line: string): string {
  let clean = line
  // Most lines hold nothing of most kinds, and looking for a plain piece of each is cheaper than for the whole.
  if (clean.includes('://')) clean = clean.replace(QUERY, '$1?[query]')
  if (WHITE.test(clean)) clean = clean.replace(AUTHORIZATION, '$1 [secret]')
  if (clean.includes('eyJ')) clean = clean.replace(JOSE, '[token]')
  clean = clean.replace(RUN, (run) => (looksSecret(run) ? '[secret]' : run))
  if (!ELEVEN_DIGITS.test(clean)) return clean
  return clean.replace(NATIONAL_ID, (run, id?: string) => (id === undefined ? '[national id]' : run))
}
