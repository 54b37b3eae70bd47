import type { AuthorizedLaunch } from '@uthopp/smart-core/launch'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import type { Directory } from '#src/directory/directory.ts'
import { isCitizen } from '#src/launch/grant-facts.ts'
import { undecided } from './undecided.ts'

/**
 * True when the host still knows the person of a launch, as what they were then and in the role they had.
 *
 * Asked whenever access is renewed: a launch may live for months, and nothing ends the ones of somebody who has left.
 */
export async function isStillThere(
  directory: Pick<Directory, 'findPerson'>,
  { context }: AuthorizedLaunch,
  trace: Trace,
): Promise<boolean> {
  const person = await directory.findPerson(context.user, trace).catch((error: unknown) => {
    if (error instanceof Refusal) return undecided('the host cannot be asked about the person', error)
    throw error
  })
  if (person === undefined) return false
  const sameKind = (person.kind === 'citizen') === isCitizen(context.fhirUser)
  return sameKind && (context.role === null || person.roles.some(({ id }) => id === context.role))
}
