/** The parameters of a form or query in the order they are sent; a name may stand twice. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** Just over the 64 kB a body may have, and far over it. */
const LONG = { 'just over 64 kB': 65_537, '100 kB': 100_000 } as const

export type Mutation =
  | 'missing'
  | 'doubled'
  | 'empty'
  | 'of another shape'
  | 'not ASCII'
  | 'with a null byte'
  | 'in broken UTF-8'
  | keyof typeof LONG

export const MUTATIONS: readonly Mutation[] = [
  'missing',
  'doubled',
  'empty',
  'of another shape',
  'not ASCII',
  'with a null byte',
  'in broken UTF-8',
  'just over 64 kB',
  '100 kB',
]

/** What ends up unreadable as UTF-8 on the wire; replaced in the encoded text because strings cannot hold it. */
const BROKEN = 'BROKEN-BYTES'

function spoil(pairs: Pairs, name: string, mutation: Mutation): Pairs {
  const value = pairs.find(([each]) => each === name)?.[1] ?? ''
  const others = pairs.filter(([each]) => each !== name)
  switch (mutation) {
    case 'missing':
      return others
    case 'doubled':
      return [...others, [name, value], [name, value]]
    case 'empty':
      return [...others, [name, '']]
    case 'of another shape':
      return [...others, [`${name}[]`, value], [`${name}[a]`, value]]
    case 'not ASCII':
      return [...others, [name, `${value}æ\u{1F9A0}`]]
    case 'with a null byte':
      return [...others, [name, `${value}\0`]]
    case 'in broken UTF-8':
      return [...others, [name, `${value}${BROKEN}`]]
    default:
      return [...others, [name, value.padEnd(LONG[mutation], 'x')]]
  }
}

/** A form or query in which one parameter is spoiled, as it goes over the wire. */
export const spoiled = (pairs: Pairs, name: string, mutation: Mutation): string => encode(spoil(pairs, name, mutation))

export const encode = (pairs: Pairs): string =>
  new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString().replaceAll(BROKEN, '%ff%c3%28')

/** JSON values of every wrong kind, for a member that wants another. */
export const WRONG_VALUES: readonly (readonly [what: string, value: unknown])[] = [
  ['null', null],
  ['a number', 17],
  ['a truth', true],
  ['an object', { a: { b: [] } }],
  ['an empty list', []],
  ['a list of lists', [[['x']]]],
  ['a list of numbers', [1, 2]],
  ['an empty text', ''],
  ['a text of nothing but spaces', '   '],
  ['a text that is not ASCII', 'blåbær\u{1F9A0}\u202E'],
  ['a text with a null byte', 'a\0b'],
  ['a lone surrogate', '\uD800'],
  ['a text of 60 kB', 'x'.repeat(60_000)],
]

export type Raw = { readonly status: number; readonly headers: Headers; readonly text: string }

/** Posts a body as it is; nothing is added but the type asked for, and redirects are not followed. */
export async function postRaw(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/x-www-form-urlencoded' },
): Promise<Raw> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const answer = await fetch(url, { method: 'POST', redirect: 'manual', headers, body: bytes })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** What is wrong with a refusal in JSON, or undefined: its status, its code, and that nothing may keep it. */
export function problemOfRefusal(
  answer: Raw,
  wanted: { readonly codes: readonly string[] } | 'too large',
): string | undefined {
  const error = /"error":"(\w+)"/.exec(answer.text)?.[1] ?? 'no error code'
  const told = `${answer.status} ${error}`
  if (answer.status < 400 || answer.status >= 500) return told
  if (answer.headers.get('location') !== null) return `${told}, with a redirect`
  if (answer.headers.get('content-type')?.startsWith('application/json') !== true) return `${told}, not as JSON`
  if (answer.headers.get('cache-control')?.includes('no-store') !== true) return `${told}, and may be kept`
  if (wanted === 'too large') return answer.status === 413 ? undefined : told
  return wanted.codes.includes(error) ? undefined : told
}
