const read = new WeakMap<Buffer, URLSearchParams>()

/** A form as it was sent, read once however many look into it. Whoever wants another form makes one of its own. */
export function formOf(body: Buffer): Pick<URLSearchParams, 'get' | 'getAll' | 'has' | 'toString'> {
  const known = read.get(body)
  if (known !== undefined) return known
  const fresh = new URLSearchParams(body.toString('utf8'))
  read.set(body, fresh)
  return fresh
}
