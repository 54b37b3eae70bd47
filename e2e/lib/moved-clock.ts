import { readFileSync } from 'node:fs'

/**
 * Loaded before everything else in the processes of a world whose time a test moves: their wall clock is as many
 * milliseconds ahead as a file says. Timers go on at their own pace.
 */
const RealDate = Date
const file = process.env['UTHOPP_E2E_CLOCK'] ?? ''
let ahead = 0

const look = () => {
  ahead = Number(readFileSync(file, 'utf8'))
}
look()
setInterval(look, 50).unref()

globalThis.Date = new Proxy(RealDate, {
  construct: (real, given: [], asked) =>
    Reflect.construct(real, given.length === 0 ? [real.now() + ahead] : given, asked) as Date, // what Date constructs
  get: (real, name) => (name === 'now' ? () => real.now() + ahead : Reflect.get(real, name)),
})
