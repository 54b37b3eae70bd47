/** After these a slash begins a regular expression; after a value it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|else))\s*$/
const BLANK = /[^\n]/g

/**
 * The same text, as long as it was, with everything blanked that is no code: comments, and what stands in quotes. What is left
 * can be searched for calls and brackets. Code within templates stays.
 */
export function maskSource(source: string): string {
  let masked = ''
  /** One entry for each template whose `${` is open: how deep its own braces are. */
  const templates: number[] = []
  const blank = (until: number): void => {
    masked += source.slice(masked.length, until).replaceAll(BLANK, ' ')
  }
  const keep = (length = 1): void => {
    masked += source.slice(masked.length, masked.length + length)
  }
  const endOf = (mark: string): number => {
    const end = source.indexOf(mark, masked.length + 2)
    return end === -1 ? source.length : end
  }

  /** From behind the opening quote to behind the closing one, or to behind the `${` of a template. */
  function passQuoted(quote: string): void {
    for (let at = masked.length; at < source.length; at += 1) {
      if (source[at] === '\\') at += 1
      else if (source[at] === quote) {
        blank(at)
        return keep()
      } else if (quote === '`' && source.startsWith('${', at)) {
        blank(at)
        templates.push(0)
        return keep(2)
      }
    }
    blank(source.length)
  }

  function passRegex(): void {
    let isClass = false
    for (let at = masked.length + 1; at < source.length; at += 1) {
      const char = source[at]
      if (char === '\\') at += 1
      else if (char === '[') isClass = true
      else if (char === ']') isClass = false
      else if (char === '/' && !isClass) return blank(at + 1)
    }
    blank(source.length)
  }

  while (masked.length < source.length) {
    const at = masked.length
    const char = source[at] ?? ''
    const open = templates.at(-1)
    if (source.startsWith('//', at)) blank(endOf('\n'))
    else if (source.startsWith('/*', at)) blank(endOf('*/') + 2)
    else if (char === '/' && BEFORE_REGEX.test(masked.slice(-40))) passRegex()
    else if (char === '"' || char === "'" || char === '`') {
      keep()
      passQuoted(char)
    } else if (open !== undefined && char === '}' && open === 0) {
      templates.pop()
      keep()
      passQuoted('`')
    } else {
      if (open !== undefined && (char === '{' || char === '}'))
        templates[templates.length - 1] = open + (char === '{' ? 1 : -1)
      keep()
    }
  }
  return masked
}
