import { useState } from 'react'
import type { Answer, Refused } from '../api/client.ts'

/** One attempt at a time to get something, and what became of the last one. */
export function useTaking<Args extends readonly unknown[]>(
  take: (...args: Args) => Promise<Answer<unknown>>,
  onTaken: () => void,
): { readonly busy: boolean; readonly refused: Refused | null; readonly attempt: (...args: Args) => void } {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const attempt = (...args: Args) => {
    const run = async () => {
      setBusy(true)
      const answer = await take(...args)
      setBusy(false)
      setRefused(answer.kind === 'refused' ? answer : null)
      if (answer.kind === 'answered') onTaken()
    }
    if (!busy) void run()
  }
  return { busy, refused, attempt }
}
