import { type Problem, problem } from '@uthopp/smart-core/problem'

/** FHIR R4, Narrative, txt-1: the basic formatting of HTML 4.0, chapters 7 to 11 and 15, links and images. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'div p br hr h1 h2 h3 h4 h5 h6 span b i em strong big small tt u sub sup code samp kbd var cite dfn abbr acronym q ' +
    'blockquote pre address bdo del ins ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td a img'
  ).split(' '),
)
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'xmlns id class title lang xml:lang dir style href name rel alt src width height border cite start type value summary ' +
    'frame rules cellspacing cellpadding align valign span abbr axis headers scope rowspan colspan nowrap char charoff'
  ).split(' '),
)
const XHTML = 'http://www.w3.org/1999/xhtml'

const TAG =
  /<(?<close>\/)?(?<name>[a-z][a-z0-9]{0,15})(?<attributes>(?:\s+[a-z:]{1,20}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/)?>/y
const TEXT = /[^<&]+|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,10});/iy
const ATTRIBUTE = /(?<name>[a-z:]+)\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/g

/**
 * Undefined for a narrative that can do nothing: well-formed, of elements and attributes that are listed, and that fetches
 * nothing when it is shown. What is not understood here is refused, since a browser may understand it differently.
 */
export function checkNarrative(text: string): Problem | undefined {
  const markup = text.trim()
  const open: string[] = []
  let at = 0
  while (at < markup.length) {
    const part = match(TAG, markup, at) ?? (open.length > 0 ? match(TEXT, markup, at) : undefined)
    if (part === undefined) return problem('div', 'it holds something else than text and plain elements')
    at += part[0].length
    const { name, close, empty, attributes = '' } = part.groups ?? {}
    if (name === undefined) continue
    if (!ELEMENTS.has(name)) return problem('div', `\`${name}\` is not an element of a narrative`)
    if (open.length === 0 && (name !== 'div' || part.index > 0)) return problem('div', 'it is not one `div`')
    const wrong = checkAttributes(attributes)
    if (wrong !== undefined) return wrong
    if (close !== undefined) {
      if (open.pop() !== name || empty !== undefined || attributes !== '')
        return problem('div', 'its elements do not close')
    } else if (empty === undefined) open.push(name)
  }
  return open.length > 0 || markup === '' ? problem('div', 'its elements do not close') : undefined
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function checkAttributes(attributes: string): Problem | undefined {
  const seen = new Set<string>()
  for (const { groups = {} } of attributes.matchAll(ATTRIBUTE)) {
    const { name = '', double, single } = groups
    const value = decoded(double ?? single ?? '')
    if (!ATTRIBUTES.has(name) || seen.has(name)) return problem(name, `\`${name}\` is not an attribute of a narrative`)
    if (value === undefined || !mayStand(name, value)) return problem(name, `the value of \`${name}\` is not allowed`)
    seen.add(name)
  }
  return undefined
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
const ENTITY = /&(?:#(?<decimal>\d{1,7})|#x(?<hex>[\da-f]{1,6})|(?<named>[a-z]+));/gi

/** The text a browser reads; undefined where it is none, or an entity that only some know. */
function decoded(value: string): string | undefined {
  if (value.replaceAll(ENTITY, '').includes('&')) return undefined
  let known = true
  const text = value.replaceAll(ENTITY, (whole, ...rest) => {
    const { decimal, hex, named } = rest.at(-1) as Readonly<Record<string, string | undefined>> // the named groups come last
    const point = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined
    const found =
      point === undefined ? NAMED.get(named ?? '') : point <= 0x10ffff ? String.fromCodePoint(point) : undefined
    known &&= found !== undefined
    return found ?? whole
  })
  return known ? text : undefined
}

/** A place in the same narrative, at this server, at a web address, or one to write or call to; never a script. */
const LINK = /^(?:#|https?:\/\/|mailto:|tel:|[^:\\]*$)/i
/** What is contained in the resource, or comes with the text itself: shown without asking anybody for it. */
const IMAGE = /^(?:#[\w.-]{1,64}|data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=\s]*)$/
/** Words, numbers and colours, laid over nothing. No backslash and no comment, behind which a browser finds other words. */
const STYLE = /^(?!.*(?:\/\*|url|image|expression|behaviou?r|binding|import|script|position))[\w\s:;,.#%()!'"+/-]*$/is

function mayStand(name: string, value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are what browsers skip inside an address
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)) return false
  switch (name) {
    case 'xmlns':
      return value === XHTML
    case 'href':
    case 'cite':
      return !/\s/.test(value.trim()) && value === value.trim() && LINK.test(value)
    case 'src':
      return IMAGE.test(value)
    case 'style':
      return STYLE.test(value)
    default:
      return true
  }
}
