// A thread that loads, and answers no question.
import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '#src/engine/worker.ts'

const answer = (message: FromWorker): void => parentPort?.postMessage(message, [])

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'load') answer({ kind: 'loaded', version: message.book.version })
})
