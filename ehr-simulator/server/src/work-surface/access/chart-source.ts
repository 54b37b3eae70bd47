import type { Resource } from '@medplum/fhirtypes'

type Kept<T> = T & { readonly id: string }

/** Where a chart is read from: the store itself, or what of it somebody may see. */
export type ChartSource = {
  readonly find: <T extends Resource>(type: T['resourceType'], id: string) => Promise<Kept<T> | undefined>
  readonly findAll: <T extends Resource>(query: string) => Promise<readonly Kept<T>[]>
}
