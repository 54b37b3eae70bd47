import { isJson } from './json.ts'

const COLOR = /^#(?:[\da-f]{3}|[\da-f]{6}|[\da-f]{8})$/i
/** Up to 39px or 3rem: a suggestion cannot make the screen unreadable. */
const DIMENSION = /^(?:[1-3]?\d(?:\.\d{1,3})?px|[0-3](?:\.\d{1,3})?r?em)$/
const FONTS = /^[\w '"-]+(?:, ?[\w '"-]+){0,7}$/

/** The members of a SMART style this app follows, and what each may say (SMART App Launch 2.2.0, "Styling"). */
const MEMBERS = new Map<string, { readonly property: string; readonly shape: RegExp }>([
  ['color_background', { property: '--app-background', shape: COLOR }],
  ['color_error', { property: '--app-error', shape: COLOR }],
  ['color_highlight', { property: '--app-highlight', shape: COLOR }],
  ['color_success', { property: '--app-success', shape: COLOR }],
  ['color_text', { property: '--app-text', shape: COLOR }],
  ['dim_border_radius', { property: '--app-radius', shape: DIMENSION }],
  ['dim_font_size', { property: '--app-font-size', shape: DIMENSION }],
  ['dim_spacing_size', { property: '--app-space', shape: DIMENSION }],
  ['font_family_body', { property: '--app-font', shape: FONTS }],
  ['font_family_heading', { property: '--app-heading-font', shape: FONTS }],
])

/** Known members with values of the right shape; the rest of somebody else's document is ignored. */
export function parseHouseStyle(document: unknown): readonly (readonly [property: string, value: string])[] {
  if (!isJson(document)) return []
  return Object.entries(document).flatMap(([member, value]) => {
    const rule = MEMBERS.get(member)
    return rule && typeof value === 'string' && rule.shape.test(value) ? [[rule.property, value] as const] : []
  })
}

/** Dresses the page as the host suggests; without an answer in time the app keeps its own look. */
export async function applyHouseStyle(url: string, target: HTMLElement): Promise<void> {
  try {
    if (!/^https?:\/\//.test(url)) return
    const answer = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(3000) })
    if (!answer.ok) return
    for (const [property, value] of parseHouseStyle(await answer.json())) target.style.setProperty(property, value)
  } catch {
    // A suggestion that cannot be fetched is no suggestion.
  }
}
