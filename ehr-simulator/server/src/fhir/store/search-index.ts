import { createHash } from 'node:crypto'
import type { Resource } from '@medplum/fhirtypes'
import { allParameters } from '../definitions/parameters.ts'
import { indexEntries } from '../index/index-entries.ts'
import { INDEX_TABLES } from './schema.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** Raise when the meaning of an indexed value changes; every store then indexes itself anew when it is opened. */
const INDEX_VERSION = 1

/** The search tables of one store: which number a parameter has there, and what each resource contributes. */
export class SearchIndex {
  readonly #file: SqliteFile
  readonly #base: string
  readonly #numbers = new Map<string, number>()

  constructor(file: SqliteFile, base: string) {
    this.#file = file
    this.#base = base
    for (const row of file.all('select id, name from search_parameter'))
      this.#numbers.set(String(row['name']), Number(row['id']))
  }

  /** The number that stands for `Type.code` or `Type.code:modifier` in the tables. */
  numberOf(type: string, code: string): number {
    const name = `${type}.${code}`
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const number = this.#file.run('insert into search_parameter (name) values (?)', name)
    this.#numbers.set(name, number)
    return number
  }

  /** Gives every announced parameter its number now, so that a search never writes. */
  prepare(): void {
    for (const [type, parameters] of allParameters()) {
      for (const { code, kind } of parameters.values()) {
        this.numberOf(type, code)
        if (kind === 'token') this.numberOf(type, `${code}:of-type`)
        if (kind === 'reference') this.numberOf(type, `${code}:identifier`)
      }
    }
  }

  /** What the indexed values depend on: another answer means the tables are stale. */
  get fingerprint(): string {
    const names = [...allParameters()].flatMap(([type, parameters]) =>
      [...parameters.values()].map(({ code, expression }) => `${type}.${code}=${expression.toString()}`),
    )
    return createHash('sha256')
      .update(`${INDEX_VERSION} ${this.#base} ${names.join('\n')}`)
      .digest('base64url')
  }

  remove(pk: number): void {
    for (const table of INDEX_TABLES) this.#file.run(`delete from ${table} where pk = ?`, pk)
  }

  add(pk: number, resource: Resource): void {
    const type = resource.resourceType
    for (const found of indexEntries(resource, allParameters().get(type) ?? new Map(), this.#base)) {
      const number = this.numberOf(type, found.parameter.code)
      for (const { code, system } of found.tokens)
        this.#file.run('insert or ignore into index_token values (?, ?, ?, ?)', number, code, system, pk)
      for (const { modifier, code, system } of found.derivedTokens) {
        const derived = this.numberOf(type, `${found.parameter.code}:${modifier}`)
        this.#file.run('insert or ignore into index_token values (?, ?, ?, ?)', derived, code, system, pk)
      }
      for (const target of found.references)
        this.#file.run('insert or ignore into index_reference values (?, ?, ?)', number, target, pk)
      for (const { folded, exact } of found.strings)
        this.#file.run('insert or ignore into index_string values (?, ?, ?, ?)', number, folded, exact, pk)
      for (const { low, high } of found.dates)
        this.#file.run('insert or ignore into index_date values (?, ?, ?, ?)', number, low, high, pk)
      for (const { low, high, system, code } of found.numbers) {
        this.#file.run(
          'insert or ignore into index_number values (?, ?, ?, ?, ?, ?)',
          number,
          low,
          high,
          system,
          code,
          pk,
        )
      }
    }
  }
}
