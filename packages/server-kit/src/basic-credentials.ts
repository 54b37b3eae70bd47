const SHAPE = /^Basic +(?<encoded>[A-Za-z0-9+/=_-]+)$/i

/** RFC 6749 §2.3.1 and appendix B: both are form-encoded before they are joined. */
const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** Who an `Authorization: Basic` header says is calling; no secret where it holds no colon, and undefined where it is none. */
export function readBasic(header: string): { readonly id: string; readonly secret: string | undefined } | undefined {
  const encoded = SHAPE.exec(header)?.groups?.['encoded']
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  try {
    return colon === -1
      ? { id: formDecoded(text), secret: undefined }
      : { id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) }
  } catch {
    return undefined
  }
}
