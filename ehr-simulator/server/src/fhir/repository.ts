import { randomUUID } from 'node:crypto'
import { normalizeOperationOutcome, OperationOutcomeError, type SearchRequest, type WithId } from '@medplum/core'
import {
  type CreateResourceOptions,
  type DeleteResourceOptions,
  FhirRepository,
  type ReadHistoryOptions,
  type UpdateResourceOptions,
} from '@medplum/fhir-router'
import type { Bundle, Reference, Resource } from '@medplum/fhirtypes'
import { loadDefinitions } from './definitions/load-definitions.ts'
import { badRequest } from './outcome.ts'
import { historyBundle, type HistoryOptions } from './store/history.ts'
import { ResourceTable } from './store/resource-table.ts'
import { SCHEMA } from './store/schema.ts'
import { SearchIndex } from './store/search-index.ts'
import { SqliteFile } from './store/sqlite-file.ts'
import { Turn } from './store/turn.ts'
import { parseSearch } from './search/parse-search.ts'
import { pairsOf, splitQuery } from './search/query-pairs.ts'
import { runSearch } from './search/run-search.ts'
import type { Clause, QueryPair } from './search/search-plan.ts'
import { searchBundle } from './search/search-bundle.ts'

export type FhirStoreOptions = {
  /** A path, or `:memory:`. One trust's resources and nobody else's. */
  readonly file: string
  /** The address this store's resources have; absolute links and `fullUrl` start with it. */
  readonly base?: string
  /** Further addresses under which references may name these resources, such as the gateway's. */
  readonly aliases?: readonly string[]
  readonly now?: () => Date
}

type Parts = {
  readonly file: SqliteFile
  readonly index: SearchIndex
  readonly table: ResourceTable
  readonly turn: Turn
  readonly base: string
  readonly bases: readonly string[]
  readonly now: () => Date
}

/**
 * One trust's FHIR R4 resources in SQLite, behind Medplum's repository face.
 *
 * The work itself is synchronous and short. Only a transaction lasts longer than one call: while one is open, everybody
 * else's calls wait for it, so nobody reads what may be rolled back and nobody's write is rolled back with it.
 */
export class FhirStore extends FhirRepository {
  readonly #parts: Parts
  /** Inside a transaction calls do not wait for it, and writes belong to it. */
  readonly #inTransaction: boolean
  #ended = false

  constructor(parts: Parts, inTransaction = false) {
    super()
    this.#parts = parts
    this.#inTransaction = inTransaction
  }

  get base(): string {
    return this.#parts.base
  }

  /** Runs one short step when it is this caller's turn. */
  #step<T>(work: (parts: Parts) => T): Promise<T> {
    if (this.#ended) return Promise.reject(new Error('this transaction has ended'))
    if (!this.#inTransaction) return this.#parts.turn.pass(() => work(this.#parts))
    return new Promise((resolve) => resolve(work(this.#parts)))
  }

  /** A step that writes: its own database transaction, unless it belongs to an open one. */
  #write<T>(work: (table: ResourceTable) => T): Promise<T> {
    return this.#step(({ file, table }) => (this.#inTransaction ? work(table) : file.atomically(() => work(table))))
  }

  override setMode(): void {
    // One connection reads and writes: there is no reader to switch to.
  }

  override generateId(): string {
    return randomUUID()
  }

  override async createResource<T extends Resource>(resource: T, _options?: CreateResourceOptions): Promise<WithId<T>> {
    return this.#write((table) => table.create(resource))
  }

  override async updateResource<T extends Resource>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    return this.#write((table) => table.update(resource, options?.ifMatch))
  }

  /** Whoever stands in front applies patches, since only the outcome can be decided; no route leads here. */
  override async patchResource(): Promise<never> {
    throw badRequest('this store takes whole resources')
  }

  override async deleteResource(type: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    await this.#write((table) => table.remove(type, id, options?.ifMatch))
  }

  /** Removes a resource with its whole history, as if it had never been. For data that is kept for an hour, not a record. */
  async forget(type: string, id: string): Promise<void> {
    await this.#write((table) => table.forget(type, id))
  }

  override async readResource<T extends Resource>(type: string, id: string): Promise<WithId<T>> {
    return this.#step(({ table }) => table.read<T>(type, id))
  }

  /** The resource, or undefined where there is none or no longer one. */
  async find<T extends Resource>(type: T['resourceType'], id: string): Promise<WithId<T> | undefined> {
    return this.#step(({ table }) => table.find<T>(type, id))
  }

  override async readReference<T extends Resource>(reference: Reference<T>): Promise<WithId<T>> {
    const [type, id, ...rest] = (reference.reference ?? '').split('/')
    if (!type || !id || rest.length > 0) throw badRequest('the reference is not of the form Type/id')
    return this.readResource<T>(type, id)
  }

  override async readReferences<T extends Resource>(references: readonly Reference<T>[]): Promise<(T | Error)[]> {
    return Promise.all(
      references.map((reference) =>
        this.readReference<T>(reference).catch(
          (error: unknown) => new OperationOutcomeError(normalizeOperationOutcome(error)),
        ),
      ),
    )
  }

  override async readHistory<T extends Resource>(
    type: string,
    id: string,
    options?: ReadHistoryOptions,
  ): Promise<Bundle<WithId<T>>> {
    return this.#step(({ table, base }) => {
      const versions = table.versions({ type, id }, { count: options?.limit, offset: options?.offset })
      return historyBundle<T>(versions, { base, path: `${type}/${id}/_history` })
    })
  }

  /** History of one resource or, without an id, of a whole type; newest first, deletions included. */
  async historyPage(of: { readonly type: string; readonly id?: string }, options: HistoryOptions): Promise<Bundle> {
    const path = of.id === undefined ? `${of.type}/_history` : `${of.type}/${of.id}/_history`
    return this.#step(({ table, base }) => historyBundle(table.versions(of, options), { base, path }))
  }

  override async readVersion<T extends Resource>(type: string, id: string, version: string): Promise<WithId<T>> {
    return this.#step(({ table }) => table.readVersion<T>(type, id, version))
  }

  override async search<T extends Resource>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    // Medplum's own callers (conditional interactions in bundles) arrive here with a request it has parsed already.
    return this.searchPairs<T>(request.resourceType, pairsOf(request))
  }

  /** The one search everything else comes to. `path` is what paging links repeat; it differs for a compartment. */
  async searchPairs<T extends Resource>(
    type: string,
    pairs: readonly QueryPair[],
    within: { readonly clauses: readonly Clause[]; readonly path: string } = { clauses: [], path: type },
  ): Promise<Bundle<WithId<T>>> {
    return this.#step(({ file, index, base, bases, now }) => {
      const plan = parseSearch(type, pairs, bases, within.clauses)
      const page = runSearch(file, index, plan, now().getTime())
      return searchBundle<T>(plan, page, { base, path: within.path, pairs })
    })
  }

  /** `Observation?patient=cdp1001&_sort=-date`, as a whole Bundle. */
  async searchUrl<T extends Resource>(query: string): Promise<Bundle<WithId<T>>> {
    const { type, pairs } = splitQuery(query)
    return this.searchPairs<T>(type, pairs)
  }

  /** The matches of a query, without what it includes. */
  async findAll<T extends Resource>(query: string): Promise<readonly WithId<T>[]> {
    const bundle = await this.searchUrl<T>(query)
    return (bundle.entry ?? []).flatMap(({ search, resource }) =>
      resource && search?.mode === 'match' ? [resource] : [],
    )
  }

  override async searchByReference<T extends Resource>(
    request: SearchRequest<T>,
    field: string,
    references: string[],
  ): Promise<Record<string, WithId<T>[]>> {
    const found: Record<string, WithId<T>[]> = {}
    for (const reference of references) {
      const bundle = await this.searchPairs<T>(request.resourceType, [...pairsOf(request), [field, reference]])
      found[reference] = (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []))
    }
    return found
  }

  override async withTransaction<T>(work: (transaction: this) => Promise<T>): Promise<T> {
    // `this` in the abstract face stands for the class: a transaction is another FhirStore over the same parts.
    return this.transaction(work as (transaction: FhirStore) => Promise<T>)
  }

  /** Everything `work` does through its argument is kept together or not at all. */
  async transaction<T>(work: (transaction: FhirStore) => Promise<T>): Promise<T> {
    if (this.#inTransaction) return work(this)
    const { file, turn } = this.#parts
    return turn.take(async () => {
      const inside = new FhirStore(this.#parts, true)
      file.execute('begin immediate')
      try {
        const result = await work(inside)
        file.execute('commit')
        return result
      } catch (error) {
        file.execute('rollback')
        throw error
      } finally {
        inside.#ended = true
      }
    })
  }

  /** Stores many resources with their own ids, all or none. */
  async load(resources: readonly Resource[]): Promise<number> {
    await this.#write((table) => {
      for (const resource of resources) table.update(resource)
    })
    return resources.length
  }

  /** Small facts about the store itself, such as whether it has been seeded. */
  note(name: string): Promise<string | undefined> {
    return this.#step(({ file }) => {
      const row = file.first('select value from store_note where name = ?', name)
      return row === undefined ? undefined : String(row['value'])
    })
  }

  async setNote(name: string, value: string): Promise<void> {
    await this.#step(({ file }) =>
      file.run(
        'insert into store_note (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
        name,
        value,
      ),
    )
  }

  close(): void {
    this.#parts.file.close()
  }
}

/** Opens, and if needed creates, a store. Stale search tables are built anew before anybody can ask. */
export function openFhirStore(options: FhirStoreOptions): FhirStore {
  loadDefinitions()
  const base = options.base ?? 'http://localhost/fhir'
  const now = options.now ?? (() => new Date())
  const file = new SqliteFile(options.file)
  file.execute(SCHEMA)
  const index = new SearchIndex(file, base)
  const table = new ResourceTable(file, index, now)
  file.atomically(() => {
    index.prepare()
    table.refreshIndex()
  })
  return new FhirStore({ file, index, table, turn: new Turn(), base, bases: [base, ...(options.aliases ?? [])], now })
}
