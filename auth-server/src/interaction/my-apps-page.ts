import type { Person } from '#src/directory/directory.ts'
import { html, htmlList } from '#src/pages/html.ts'
import type { Language } from '#src/pages/language.ts'
import type { Page } from '#src/pages/page.ts'
import { formPage } from './form-page.ts'
import { sentenceOf } from './pages.ts'
import { wordsOf } from './words.ts'

/** An app that somebody has let in. */
export type MyApp = {
  readonly clientId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly since: Date
  /** How many launches can still be used. */
  readonly open: number
}

/** „Mine apper": every app the person has let in outside the chart, and a button that ends it. */
export function myAppsPage(given: {
  readonly language: Language
  readonly person: Person
  readonly apps: readonly MyApp[]
}): Page {
  const { language } = given
  const words = wordsOf(language)
  const items = given.apps.map(
    (app) => html`<section>
<h2>${app.name}</h2>
<p>${words.since(words.date(app.since.toISOString()))} ${words.open(app.open)}</p>
<ul>${htmlList(app.scopes.map((scope) => html`<li>${sentenceOf(scope, language)}</li>`))}</ul>
<form method="post"><button type="submit" name="withdraw" value="${app.clientId}">${words.withdraw(app.name)}</button></form>
</section>
`,
  )
  const body = html`<p>${words.signedInAs} ${given.person.name}</p>
<p>${words.myAppsAbout}</p>
${items.length === 0 ? html`<p role="status">${words.noApps}</p>` : htmlList(items)}
<form method="post"><button class="link" type="submit" name="action" value="sign-out">${words.signOut}</button></form>`
  return formPage({ language, title: words.myApps, error: undefined, body })
}
