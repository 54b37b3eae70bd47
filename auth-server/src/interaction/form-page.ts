import { newSecret } from '#src/launch/secrets.ts'
import { type Html, html } from '#src/pages/html.ts'
import type { Language } from '#src/pages/language.ts'
import { type Page, PAGE_STYLE } from '#src/pages/page.ts'

const FORM_STYLE: Html = html`
  form { margin: 1rem 0 }
  label { display: block; margin: .75rem 0 .25rem; font-weight: 600 }
  label.choice { display: flex; overflow-wrap: anywhere; gap: .6rem; align-items: baseline; margin: .25rem 0; padding: .5rem; font-weight: 400; border-radius: .25rem }
  label.choice:hover, label.choice:focus-within { background: #e8eef6 }
  input[type=text], input[type=password], input[type=search] { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #5b6878; border-radius: .25rem }
  fieldset { border: 0; margin: 1rem 0; padding: 0; min-width: 0 }
  legend { font-weight: 600; padding: 0 }
  button { font: inherit; padding: .5rem 1.25rem; margin: .5rem .5rem 0 0; border: 1px solid #17406b; border-radius: .25rem; background: #fff; color: #17406b; cursor: pointer }
  button.main { background: #17406b; color: #fff }
  button.link { border-color: transparent; text-decoration: underline; padding: .25rem 0 }
  :focus-visible { outline: 3px solid #f0a30a; outline-offset: 1px }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0 }
  dt { color: #4a5667 }
  dd { margin: 0 }
  .error { border-left: 4px solid #b3261e; padding: .5rem .75rem; background: #fdecea }
  .notice { border-left: 4px solid #b06f00; padding: .5rem .75rem; background: #fff6e0 }
  details { margin: 0 0 .5rem 2rem }
  select { font: inherit; margin: .25rem 0; min-width: 16rem; max-width: 100% }
  table { border-collapse: collapse; width: 100% }
`

/**
 * A page with a form, for a person who has a window of their own: no script, no frame, nothing loaded.
 *
 * `form-action` holds for the redirects after a form too, so it names schemes: the last form of a launch ends at the app, and an
 * app may go on from there.
 */
export function formPage(given: {
  readonly language: Language
  readonly title: string
  readonly error: string | undefined
  readonly body: Html
}): Page {
  const nonce = newSecret()
  const error = given.error === undefined ? html`` : html`<p class="error" role="alert">${given.error}</p>`
  const body = html`<!doctype html>
<html lang="${given.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${given.title}</title>
<style nonce="${nonce}">${PAGE_STYLE}${FORM_STYLE}</style>
<main>
<h1>${given.title}</h1>
${error}
${given.body}
</main>
</html>
`
  const csp = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'self' https: http:; frame-ancestors 'none'`
  return { body: body.text, csp }
}
