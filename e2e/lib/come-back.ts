import { setTimeout as sleep } from 'node:timers/promises'

const MOST_TIMES = 5

/** Asks again what a server cannot answer at the moment, when its `Retry-After` says so; anything else is the answer. */
export async function comeBack(ask: () => Promise<Response>): Promise<Response> {
  for (let times = 1; ; times += 1) {
    const answer = await ask()
    const seconds = answer.headers.get('retry-after')
    if (answer.status !== 503 || seconds === null || times === MOST_TIMES) return answer
    await answer.body?.cancel()
    await sleep(Number(seconds) * 1000)
  }
}
