import { randomUUID } from 'node:crypto'
import { conflict, gone, notFound, OperationOutcomeError, preconditionFailed, type WithId } from '@medplum/core'
import type { Resource } from '@medplum/fhirtypes'
import { ANNOUNCED } from '../definitions/announced.ts'
import { badRequest, notSupported } from '../outcome.ts'
import { requireValid } from '../validate.ts'
import type { HistoryOptions, Version } from './history.ts'
import type { SearchIndex } from './search-index.ts'
import type { SqliteFile } from './sqlite-file.ts'

const ID = /^[A-Za-z0-9\-.]{1,64}$/
const FINGERPRINT = 'search index'

type Current = { readonly pk: number; readonly version: number; readonly deleted: boolean }

/** Resources, their versions and their places in the search tables. Every method is one synchronous step. */
export class ResourceTable {
  readonly #file: SqliteFile
  readonly #index: SearchIndex
  readonly #now: () => Date
  #latest = 0

  constructor(file: SqliteFile, index: SearchIndex, now: () => Date) {
    this.#file = file
    this.#index = index
    this.#now = now
    this.#latest = Number(file.first('select max(updated) as latest from resource')?.['latest'] ?? 0)
  }

  /** `lastUpdated` never goes back, or a reader who polls by it would miss a change. */
  #moment(): number {
    this.#latest = Math.max(this.#latest, this.#now().getTime())
    return this.#latest
  }

  #current(type: string, id: string): Current | undefined {
    const row = this.#file.first('select pk, version, deleted from resource where type = ? and id = ?', type, id)
    return row && { pk: Number(row['pk']), version: Number(row['version']), deleted: Number(row['deleted']) === 1 }
  }

  find<T extends Resource>(type: string, id: string): WithId<T> | undefined {
    const row = this.#file.first('select json from resource where type = ? and id = ? and deleted = 0', type, id)
    return row && (JSON.parse(String(row['json'])) as WithId<T>) // written below, from a validated resource of this type
  }

  read<T extends Resource>(type: string, id: string): WithId<T> {
    const found = this.find<T>(type, id)
    if (found) return found
    throw new OperationOutcomeError(this.#current(type, id) ? gone : notFound)
  }

  readVersion<T extends Resource>(type: string, id: string, version: string): WithId<T> {
    const number = /^[1-9]\d{0,14}$/.test(version) ? Number(version) : 0
    const row = this.#file.first('select json from version where type = ? and id = ? and version = ?', type, id, number)
    if (!row) throw new OperationOutcomeError(notFound)
    const { json } = row
    if (typeof json !== 'string') throw new OperationOutcomeError(gone)
    return JSON.parse(json) as WithId<T> // as above
  }

  create<T extends Resource>(resource: T): WithId<T> {
    const id = resource.id ?? randomUUID()
    const current = this.#current(resource.resourceType, id)
    if (current && !current.deleted) throw new OperationOutcomeError(conflict('the id is in use'))
    return this.#store({ ...resource, id }, current, 'POST')
  }

  update<T extends Resource>(resource: T, ifMatch?: string): WithId<T> {
    const { id } = resource
    if (id === undefined) throw badRequest('the resource has no id')
    const current = this.#current(resource.resourceType, id)
    if (ifMatch !== undefined) requireVersion(current, ifMatch)
    return this.#store({ ...resource, id }, current, current && !current.deleted ? 'PUT' : 'POST')
  }

  #store<T extends Resource>(resource: WithId<T>, current: Current | undefined, method: 'POST' | 'PUT'): WithId<T> {
    const type = resource.resourceType
    if (!ANNOUNCED.has(type)) throw notSupported('this server does not keep resources of that type')
    if (!ID.test(resource.id)) throw badRequest('an id is 1 to 64 letters, digits, `-` and `.`')
    const version = (current?.version ?? 0) + 1
    const updated = this.#moment()
    const { versionId: _version, lastUpdated: _updated, ...meta } = resource.meta ?? {}
    const stored = {
      ...resource,
      meta: { ...meta, versionId: String(version), lastUpdated: new Date(updated).toISOString() },
    }
    requireValid(stored)
    const json = JSON.stringify(stored)
    const pk = current
      ? this.#replace(current, version, updated, json)
      : this.#insert(type, resource.id, version, updated, json)
    this.#file.run(
      'insert into version (type, id, version, updated, method, json) values (?, ?, ?, ?, ?, ?)',
      type,
      resource.id,
      version,
      updated,
      method,
      json,
    )
    if (current) this.#index.remove(pk)
    this.#index.add(pk, stored)
    return stored
  }

  #insert(type: string, id: string, version: number, updated: number, json: string): number {
    return this.#file.run(
      'insert into resource (type, id, version, updated, json) values (?, ?, ?, ?, ?)',
      type,
      id,
      version,
      updated,
      json,
    )
  }

  #replace(current: Current, version: number, updated: number, json: string): number {
    this.#file.run(
      'update resource set version = ?, updated = ?, deleted = 0, json = ? where pk = ?',
      version,
      updated,
      json,
      current.pk,
    )
    return current.pk
  }

  /** Deleting what is deleted already changes nothing; deleting what never was is not found. */
  remove(type: string, id: string, ifMatch?: string): void {
    const current = this.#current(type, id)
    if (!current) throw new OperationOutcomeError(notFound)
    if (ifMatch !== undefined) requireVersion(current, ifMatch)
    if (current.deleted) return
    const updated = this.#moment()
    this.#file.run(
      'update resource set version = ?, updated = ?, deleted = 1, json = null where pk = ?',
      current.version + 1,
      updated,
      current.pk,
    )
    this.#file.run(
      `insert into version (type, id, version, updated, method, json) values (?, ?, ?, ?, 'DELETE', null)`,
      type,
      id,
      current.version + 1,
      updated,
    )
    this.#index.remove(current.pk)
  }

  forget(type: string, id: string): void {
    const current = this.#current(type, id)
    if (!current) return
    this.#index.remove(current.pk)
    this.#file.run('delete from resource where pk = ?', current.pk)
    this.#file.run('delete from version where type = ? and id = ?', type, id)
  }

  versions(
    of: { readonly type: string; readonly id?: string },
    options: HistoryOptions,
  ): { readonly versions: readonly Version[]; readonly total: number } {
    const { type, id } = of
    if (id !== undefined && !this.#current(type, id)) throw new OperationOutcomeError(notFound)
    const where = `type = ? and updated >= ?${id === undefined ? '' : ' and id = ?'}`
    const values = [type, options.since?.getTime() ?? 0, ...(id === undefined ? [] : [id])]
    const rows = this.#file.all(
      `select id, version, updated, method, json from version where ${where} order by seq desc limit ? offset ?`,
      ...values,
      options.count ?? 50,
      options.offset ?? 0,
    )
    const total = Number(
      this.#file.first(`select count(*) as total from version where ${where}`, ...values)?.['total'] ?? 0,
    )
    const versions = rows.map((row) => ({
      type,
      id: String(row['id']),
      version: Number(row['version']),
      updated: new Date(Number(row['updated'])),
      method: String(row['method']),
      json: typeof row['json'] === 'string' ? row['json'] : undefined,
    }))
    return { versions, total }
  }

  /** Builds the search tables anew when what they depend on has changed since they were built. */
  refreshIndex(): void {
    const { fingerprint } = this.#index
    if (this.#file.first('select value from store_note where name = ?', FINGERPRINT)?.['value'] === fingerprint) return
    for (const row of this.#file.all('select pk, json from resource where deleted = 0')) {
      const pk = Number(row['pk'])
      this.#index.remove(pk)
      this.#index.add(pk, JSON.parse(String(row['json'])) as Resource) // as above
    }
    this.#file.run('insert or replace into store_note (name, value) values (?, ?)', FINGERPRINT, fingerprint)
  }
}

/** R4 http.html#concurrency: the version must be the current one, and there must be one. */
function requireVersion(current: Current | undefined, ifMatch: string): void {
  if (!current || current.deleted || String(current.version) !== ifMatch)
    throw new OperationOutcomeError(preconditionFailed)
}
