import type { HttpBrowser, Step } from '../lib/http-browser.ts'

/** The first form of a page, read as a browser without scripts would send it. */
export type PageForm = {
  readonly action: string
  readonly method: 'GET' | 'POST'
  /** Every field that would be sent untouched: hidden fields, ticked boxes, preset texts and choices. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** What may be chosen for a field: radio buttons, submit buttons and options by name. */
  readonly choices: ReadonlyMap<string, readonly string[]>
  /** Names of the fields a person types into. */
  readonly texts: readonly string[]
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }
const plain = (text: string): string =>
  text.replaceAll(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const pairs = tag.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)
  return new Map([...pairs].map(([, name = '', a, b, c]) => [name.toLowerCase(), plain(a ?? b ?? c ?? '')]))
}

type Control = { readonly kind: string; readonly attributes: ReadonlyMap<string, string> }

function controlsOf(form: string): readonly Control[] {
  return [...form.matchAll(/<(input|button|select|option|textarea)\b([^>]*)>/gi)].map(([, kind = '', rest = '']) => ({
    kind: kind.toLowerCase(),
    attributes: attributesOf(rest),
  }))
}

/** Reads the first form of a page. */
export function firstForm(page: Step): PageForm {
  const form = /<form\b([^>]*)>(.*?)<\/form>/is.exec(page.body)
  if (form === null) throw new Error(`no form on the page (${page.status})`)
  const attributes = attributesOf(form[1] ?? '')
  const fields: [string, string][] = []
  const choices = new Map<string, string[]>()
  const texts: string[] = []
  let select = ''
  for (const { kind, attributes: given } of controlsOf(form[2] ?? '')) {
    const name = kind === 'option' ? select : (given.get('name') ?? '')
    const value = given.get('value') ?? ''
    const type = kind === 'input' ? (given.get('type') ?? 'text') : kind
    if (kind === 'select') select = name
    if (name === '') continue
    if (['radio', 'button', 'submit', 'option'].includes(type)) {
      choices.set(name, [...(choices.get(name) ?? []), value])
      if (given.has('checked') || given.has('selected')) fields.push([name, value])
    } else if (type === 'checkbox') {
      if (given.has('checked')) fields.push([name, given.has('value') ? value : 'on'])
    } else if (type === 'hidden') fields.push([name, value])
    else if (type !== 'select') {
      texts.push(name)
      fields.push([name, value])
    }
  }
  return {
    action: new URL(attributes.get('action') ?? page.url, page.url).href,
    method: attributes.get('method')?.toUpperCase() === 'POST' ? 'POST' : 'GET',
    fields,
    choices,
    texts,
  }
}

/** Sends a form with some fields answered; those named are replaced, those left out are unticked, all others stay. */
export async function sendForm(
  browser: HttpBrowser,
  page: Step,
  form: PageForm,
  answers: Readonly<Record<string, string>>,
  leftOut: readonly string[] = [],
): Promise<Step> {
  const kept = form.fields.filter(([name, value]) => answers[name] === undefined && !leftOut.includes(value))
  const body = new URLSearchParams([...kept.map(([name, value]) => [name, value]), ...Object.entries(answers)])
  if (form.method === 'POST') return browser.post(form.action, new URL(page.url).origin, {}, body.toString())
  const target = new URL(form.action)
  target.search = body.toString()
  return browser.get(target.href)
}
