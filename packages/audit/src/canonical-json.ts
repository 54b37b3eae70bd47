/**
 * The one text of a JSON value: members in the order of their names, no white space (in the manner of RFC 8785).
 *
 * Numbers are written as JavaScript writes them, which is what RFC 8785 §3.2.2.3 demands.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`
  const members: Readonly<Record<string, unknown>> = { ...value }
  let text = ''
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}
