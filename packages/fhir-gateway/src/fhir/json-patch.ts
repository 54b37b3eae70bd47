import { isRecord } from '@uthopp/smart-core/fhir/resource'
import type { JsonObject } from '#src/json.ts'

type Operation = {
  readonly op: string
  readonly path: readonly string[]
  readonly from?: readonly string[]
  readonly value?: unknown
}
type Mutable = unknown[] | { [member: string]: unknown }

/** Why a patch could not be applied, in words for the person who wrote it. */
export class PatchProblem extends Error {
  override readonly name = 'PatchProblem'
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

function pointer(text: unknown): readonly string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')))
    throw new PatchProblem('a path is a JSON pointer')
  const parts = text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (parts.some((part) => FORBIDDEN.has(part))) throw new PatchProblem('a path names a member that may not be patched')
  return parts
}

function parseOperation(value: unknown): Operation {
  if (!isRecord(value) || typeof value['op'] !== 'string')
    throw new PatchProblem('each operation is an object with `op`')
  const operation = { op: value['op'], path: pointer(value['path']) }
  const needsValue = ['add', 'replace', 'test'].includes(operation.op)
  if (needsValue && value['value'] === undefined) throw new PatchProblem('the operation needs a `value`')
  if (needsValue) return { ...operation, value: value['value'] }
  return ['move', 'copy'].includes(operation.op) ? { ...operation, from: pointer(value['from']) } : operation
}

const at = (key: string, limit: number): number => {
  if (!/^(0|[1-9]\d*)$/.test(key) || Number(key) > limit) throw new PatchProblem('a path points outside a list')
  return Number(key)
}

function child(node: unknown, key: string): unknown {
  if (Array.isArray(node)) return node[at(key, node.length - 1)] ?? null
  if (isRecord(node) && Object.hasOwn(node, key)) return node[key] ?? null
  throw new PatchProblem('a path points at nothing')
}

const find = (document: unknown, path: readonly string[]): unknown => path.reduce(child, document)

function parentOf(document: unknown, path: readonly string[]): { readonly parent: Mutable; readonly key: string } {
  const key = path.at(-1)
  if (key === undefined) throw new PatchProblem('the whole resource cannot be replaced by a patch')
  const parent = find(document, path.slice(0, -1))
  if (typeof parent !== 'object' || parent === null) throw new PatchProblem('a path points at nothing')
  return { parent: parent as Mutable, key } // the document is our own clone, so it may be changed
}

function add(document: unknown, path: readonly string[], value: unknown): void {
  const { parent, key } = parentOf(document, path)
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : at(key, parent.length), 0, value)
  else parent[key] = value
}

function remove(document: unknown, path: readonly string[]): void {
  find(document, path) // removing what is not there is an error (RFC 6902 §4.2)
  const { parent, key } = parentOf(document, path)
  if (Array.isArray(parent)) parent.splice(at(key, parent.length - 1), 1)
  else delete parent[key]
}

/**
 * How many values a patch may copy within the document. Copying the document into itself doubles it, so thirty operations of
 * a few bytes would fill the memory of the process, or nest deeper than its stack.
 */
const MOST_COPIED = 2000

const countValues = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, item: unknown) => sum + countValues(item), 1)
}

/** Equal as JSON: member order does not matter (RFC 6902 §4.6). */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameJson(item, b[index]))
    )
  }
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
}

function apply(document: unknown, { op, path, from, value = null }: Operation): void {
  if (op === 'add') return add(document, path, structuredClone(value))
  if (op === 'remove') return remove(document, path)
  if (op === 'replace') {
    const { parent, key } = parentOf(document, path)
    find(document, path)
    if (Array.isArray(parent)) parent[at(key, parent.length - 1)] = structuredClone(value)
    else parent[key] = structuredClone(value)
    return
  }
  if (op === 'test') {
    if (!sameJson(find(document, path), value)) throw new PatchProblem('a test of the patch failed')
    return
  }
  if ((op === 'move' || op === 'copy') && from) {
    const carried = structuredClone(find(document, from))
    if (op === 'move') {
      if (path.length > from.length && from.every((part, index) => part === path[index])) {
        throw new PatchProblem('a value cannot move into itself')
      }
      remove(document, from)
    }
    return add(document, path, carried)
  }
  throw new PatchProblem('an operation is not one of add, remove, replace, move, copy, test')
}

/** The resource after a JSON Patch (RFC 6902); throws `PatchProblem`, and the resource given is never changed. */
export function applyJsonPatch(resource: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch) || patch.length > 200) throw new PatchProblem('a patch is a list of at most 200 operations')
  const document = structuredClone(resource)
  let copied = 0
  for (const given of patch) {
    const operation = parseOperation(given)
    if (operation.op === 'copy' && operation.from) copied += countValues(find(document, operation.from))
    if (copied > MOST_COPIED) throw new PatchProblem('the patch copies more than a resource holds')
    apply(document, operation)
  }
  return document
}
