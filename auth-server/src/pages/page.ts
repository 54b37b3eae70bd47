import { newSecret } from '#src/launch/secrets.ts'
import { type Html, html } from './html.ts'
import type { Language } from './language.ts'

/** A finished page and the policy it must be sent with. */
export type Page = { readonly body: string; readonly csp: string }

export const PAGE_STYLE: Html = html`
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: #f4f6f8; color: #1c2430 }
  main { max-width: 36rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border: 1px solid #c9d1da; border-radius: .5rem }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem }
  p { margin: .5rem 0 }
  small { color: #4a5667 }
`

const QUOTE: Readonly<Record<Language, string>> = {
  nb: 'Oppgi dette nummeret hvis du melder feil:',
  en: 'Quote this number if you report the problem:',
}

/**
 * A page with nothing to click: what happened and the number to quote.
 * It may stand in the host's frames, because that is where the person is looking; it holds nothing worth framing for.
 */
export function page(given: {
  readonly language: Language
  readonly title: string
  readonly text: string
  readonly code: string | undefined
  readonly correlationId: string
  readonly frameAncestors: readonly string[]
  readonly script?: Html
}): Page {
  const nonce = newSecret()
  const ancestors = given.frameAncestors.length === 0 ? "'none'" : given.frameAncestors.join(' ')
  const script = given.script === undefined ? html`` : html`<script nonce="${nonce}">${given.script}</script>`
  const code = given.code === undefined ? html`` : html`<p><small>${given.code}</small></p>`
  const body = html`<!doctype html>
<html lang="${given.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${given.title}</title>
<style nonce="${nonce}">${PAGE_STYLE}</style>
<main>
<h1>${given.title}</h1>
<p role="alert">${given.text}</p>
${code}
<p><small>${QUOTE[given.language]} ${given.correlationId}</small></p>
</main>
${script}
</html>
`
  const scripts = given.script === undefined ? '' : ` script-src 'nonce-${nonce}';`
  const csp = `default-src 'none'; style-src 'nonce-${nonce}';${scripts} base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`
  return { body: body.text, csp }
}
