import { readFileSync } from 'node:fs'

/** Reads one of the tables shared with the gateway's and the browser's tests; each test names the shape it relies on. */
export function corpus(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./corpus/${name}.json`, import.meta.url), 'utf8'))
}

/** `GET Observation?code=a` as method, path and query. */
export function splitRequest(text: string): { readonly method: string; readonly path: string; readonly query: string } {
  const space = text.indexOf(' ')
  const address = text.slice(space + 1)
  const mark = address.indexOf('?')
  return {
    method: text.slice(0, space),
    path: mark < 0 ? address : address.slice(0, mark),
    query: mark < 0 ? '' : address.slice(mark + 1),
  }
}
