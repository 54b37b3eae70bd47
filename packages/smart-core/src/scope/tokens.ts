/** The scopes of a parameter or claim, as written (RFC 6749 §3.3); none where it is no text. */
export const scopesIn = (text: unknown): readonly string[] =>
  typeof text === 'string' ? text.split(' ').filter((token) => token !== '') : []
