import type { schemas } from './schemas.ts'

type Operation = Readonly<Record<string, unknown>>
/** The operations of one address, by lower-case method. */
type PathItem = Readonly<Record<string, Operation>>
export type Paths = Readonly<Record<string, PathItem>>

type SchemaName = keyof typeof schemas

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` })

export const jsonBody = (name: SchemaName) => ({
  required: true,
  content: { 'application/json': { schema: ref(name) } },
})

export const formBody = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  required: true,
  content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', required, properties } } },
})

export const json = (description: string, name?: SchemaName) => ({
  description,
  content: { 'application/json': { schema: name === undefined ? { type: 'object' } : ref(name) } },
})

export const page = (description: string) => ({ description, content: { 'text/html': { schema: { type: 'string' } } } })
export const redirect = (description: string) => ({
  description,
  headers: { Location: { schema: { type: 'string' } } },
})

/** Refusals by status, each with the shape all of them have. */
export const refusals = (byStatus: Readonly<Record<number, string>>) =>
  Object.fromEntries(Object.entries(byStatus).map(([status, description]) => [status, json(description, 'Refusal')]))

export const parameter = (name: string, where: 'path' | 'query' | 'header', description: string, required = true) => ({
  name,
  in: where,
  required,
  description,
  schema: { type: 'string' },
})
