const QUERY = /(https?:\/\/[^\s"'?#\\]+)[?#][^\s"'\\]*/g
const AUTHORIZATION = /\b(Bearer|Basic|DPoP)\s+[^\s"'\\]+/gi
// JOSE compact forms begin with the base64url of `{"`; three parts signed, five encrypted.
const JOSE = /\beyJ[\w-]+(?:\.[\w-]*){1,4}/g
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
  return line
    .replace(QUERY, '$1?[query]')
    .replace(AUTHORIZATION, '$1 [secret]')
    .replace(JOSE, '[token]')
    .replace(RUN, (run) => (looksSecret(run) ? '[secret]' : run))
    .replace(NATIONAL_ID, (run, id?: string) => (id === undefined ? '[national id]' : run))
}
