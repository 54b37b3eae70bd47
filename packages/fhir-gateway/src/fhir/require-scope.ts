import { type Allowance, decideInteraction, type Need } from '@uthopp/smart-core/access'
import { forbidden, insufficientScope } from '#src/http/refusals.ts'
import type { Exchange } from './step.ts'

export type Allowances = readonly [Allowance, ...Allowance[]]

/** The conditions under which the caller may do this, or 403 before anything is looked up (contracts.md §7). */
export function requireScope(exchange: Pick<Exchange, 'review'>, need: Need): Allowances {
  const decision = decideInteraction(exchange.review.access, need)
  if (decision.effect === 'permit') return decision.allowances
  switch (decision.rule) {
    case 'no-scope-covers-this':
      throw insufficientScope()
    case 'patient-scope-without-patient':
      throw insufficientScope('the token has patient scopes but no patient')
    case 'outside-patient-compartment':
      throw insufficientScope('patient scopes do not reach this type')
    case 'directory-not-searchable':
      throw forbidden('patient scopes open this type by id only')
    case 'evidence-not-writable':
      throw forbidden('what is evidence of who did or allowed something is written by no app')
  }
}
