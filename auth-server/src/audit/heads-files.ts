import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = /^audit-heads.*\.jsonl$/

/** Where the heads of the chains are written down, beside the database and not in it. */
export const headsFile = (data: string): string => join(data, 'audit-heads.jsonl')

/** That file, and those that were put aside when it was not the one the database knew. */
export async function headsFilesIn(data: string): Promise<readonly string[]> {
  const names = await readdir(data)
  return names
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => join(data, name))
}
