import { forbidden } from '#src/http/refusals.ts'
import type { FhirAnswer } from './answer.ts'
import { conditionalStep } from './conditional-step.ts'
import { instanceHistoryStep, typeHistoryStep } from './history-step.ts'
import { readStep, versionReadStep } from './read-step.ts'
import { compartmentSearchStep, searchStep } from './search-step.ts'
import type { Asked, Exchange, Step } from './step.ts'
import { isChange } from './upstream-fhir.ts'
import { createStep, deleteStep, patchStep, updateStep } from './write-step.ts'

/** Decides the request side of one interaction. Whatever is not named here goes nowhere (contracts.md §7). */
export async function prepare(exchange: Exchange, asked: Asked): Promise<Step> {
  const { interaction } = asked
  switch (interaction.kind) {
    case 'read':
      return readStep(exchange, asked, interaction)
    case 'vread':
      return versionReadStep(exchange, interaction)
    case 'history-instance':
      return instanceHistoryStep(exchange, asked, interaction)
    case 'history-type':
      return typeHistoryStep(exchange, asked, interaction)
    case 'search-type':
      return searchStep(exchange, asked, interaction)
    case 'search-compartment':
      return compartmentSearchStep(exchange, asked, interaction)
    case 'create':
    case 'conditional-create':
      return createStep(exchange, asked, interaction)
    case 'update':
      return updateStep(exchange, asked, interaction)
    case 'patch':
      return patchStep(exchange, asked, interaction)
    case 'delete':
      return deleteStep(exchange, asked, interaction)
    case 'conditional-update':
    case 'conditional-patch':
    case 'conditional-delete':
      return conditionalStep(exchange, asked, interaction)
    case 'history-system':
    case 'search-system':
      throw forbidden('the whole system is neither searched nor listed')
    case 'operation':
      throw forbidden('this operation is not offered')
    case 'capabilities':
    case 'bundle':
      throw forbidden('this is not asked for inside a batch')
  }
}

/** One interaction from question to decided answer. */
export async function perform(exchange: Exchange, asked: Asked): Promise<FhirAnswer> {
  const step = await prepare(exchange, asked)
  // What is changed is written down before it is changed.
  if (isChange(step.call)) await exchange.ledger.keep()
  return step.review(await (step.reply ?? exchange.upstream(step.call)))
}
