// Validating a book takes a good part of a second, which the thread that serves does not have.
import { parentPort } from 'node:worker_threads'
import type { Problem } from '@uthopp/smart-core/problem'
import { type RuleBook, readRuleBook } from './rule-book.ts'

export type Read = { readonly id: number; readonly book: RuleBook | Problem }

parentPort?.on('message', ({ id, folder }: { readonly id: number; readonly folder: string }) => {
  void readRuleBook(folder).then((book) => parentPort?.postMessage({ id, book } satisfies Read, []))
})
