import { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { ServiceVerifier } from '@uthopp/server-kit/service-token'
import type { AuditWriter } from '#src/audit/audit-writer.ts'
import { requireOwnProcess } from '#src/http/own-process.ts'
import { type CareRooms, readCase } from '../care-facts.ts'
import { type WriteDesk, WRITES } from './fact-writes.ts'
import { READS } from './fact-reads.ts'
import { formatCase, parseCase } from './case-wire.ts'

/** One trust's facts, and who may ask for them or change them. */
export type TrustFacts = {
  readonly rooms: CareRooms
  /** The trust's authorization server and its gateway, scope `__facts.read`. */
  readonly readers: ServiceVerifier
  /** Patient administration and the registers of licences and blocks, scope `__facts.write`. */
  readonly writers: ServiceVerifier
  readonly audit: AuditWriter
  readonly isOf: WriteDesk['isOf']
  readonly stream: (ctx: AppContext) => Promise<void>
}

async function answerCase(ctx: AppContext, { rooms }: TrustFacts): Promise<void> {
  const found = await readCase(rooms, accept(parseCase(await readJson(ctx))))
  // One answer for somebody of another trust and for nobody at all.
  ctx.body = formatCase(found ?? refuse(404, 'unknown_user', 'no such user in this trust'))
}

/** `/<orgnr>/facts/**`: what access depends on, for the processes that decide; nothing of it is meant for an app. */
export function factsRouter(trusts: ReadonlyMap<string, TrustFacts>): Router<AppState> {
  const router = new Router<AppState>()
  const trustOf = (ctx: { readonly params: Readonly<Record<string, string>> }): TrustFacts =>
    trusts.get(ctx.params['orgnr'] ?? '') ?? refuse(404, 'not_found', 'no such trust here')

  router.post('/:orgnr/facts/cases', async (ctx) => {
    const trust = trustOf(ctx)
    await requireOwnProcess(ctx, trust.readers)
    await answerCase(ctx, trust)
  })
  router.get('/:orgnr/facts/changes', (ctx) => trustOf(ctx).stream(ctx))
  for (const [path, read] of READS) {
    router.get(`/:orgnr/facts${path}`, async (ctx) => {
      const trust = trustOf(ctx)
      await requireOwnProcess(ctx, trust.readers)
      await read(ctx, trust.rooms)
    })
  }
  for (const [path, write] of WRITES) {
    router.post(`/:orgnr/facts${path}`, async (ctx) => {
      const trust = trustOf(ctx)
      // Registers are other people's systems: what they do begins a story of its own.
      const { issuer } = await trust.writers.verify(ctx.get('authorization'))
      const actor = { kind: 'system', id: issuer, role: null } as const
      const tell: WriteDesk['tell'] = (said) => (inside) =>
        trust.audit.write({ ...said, actor, trace: ctx.state.trace }, inside)
      await write(ctx, { rooms: trust.rooms, isOf: trust.isOf, tell })
    })
  }
  return router
}
