import type { PolicyWithheld } from '../negotiate.ts'
import { type ExpandedScope, nameOfMember, type ScopeMember } from './letters.ts'
import { PERMISSIONS } from './permission.ts'
import { formatResourceScope, type ResourceScope } from './resource-scope.ts'

/** What policy said of one member. */
export type MemberVerdict =
  | { readonly effect: 'permit' }
  | { readonly effect: 'deny'; readonly code: string; readonly reason: string; readonly rules: readonly string[] }

type Refusal = Extract<MemberVerdict, { readonly effect: 'deny' }>
type Letter = Extract<ScopeMember, { readonly kind: 'letter' }>
export type Rejoined = { readonly granted: readonly string[]; readonly withheld: readonly PolicyWithheld[] }

/**
 * Puts together what policy permitted.
 *
 * A scope whose members all stand is what it was, byte for byte; of any other the permitted letters are left, type by type,
 * in the order of the grammar and in the dialect it was asked in as far as that dialect can say it.
 */
export function rejoinScopes(
  expanded: readonly ExpandedScope[],
  verdictOf: (member: ScopeMember) => MemberVerdict,
): Rejoined {
  const granted = new Set<string>()
  const withheld = new Map<string, PolicyWithheld>()
  for (const { text, scope, members } of expanded) {
    const refused = new Map<ScopeMember, Refusal>()
    for (const member of members) {
      const verdict = verdictOf(member)
      if (verdict.effect === 'deny') refused.set(member, verdict)
    }
    if (refused.size === 0) granted.add(text)
    else if (scope.kind === 'resource')
      for (const left of joined(
        scope,
        members.filter((member) => !refused.has(member)),
      ))
        granted.add(left)
    for (const entry of lost(scope.kind === 'resource' ? scope : undefined, refused)) withheld.set(entry.scope, entry)
  }
  return { granted: [...granted], withheld: [...withheld.values()] }
}

const isLetter = (member: ScopeMember): member is Letter => member.kind === 'letter'

/** One scope a type, with the letters given for it. */
function joined(scope: ResourceScope, members: readonly ScopeMember[]): readonly string[] {
  return [...Map.groupBy(members.filter(isLetter), ({ resourceType }) => resourceType)].map(
    ([resourceType, letters]) => {
      const permissions = PERMISSIONS.filter((letter) => letters.some((one) => one.letter === letter))
      return formatResourceScope({ ...scope, resourceType, permissions })
    },
  )
}

/** One entry for the letters of a type that fell to the same rule, so that a wildcard does not fill a page. */
function lost(scope: ResourceScope | undefined, refused: ReadonlyMap<ScopeMember, Refusal>): readonly PolicyWithheld[] {
  const groups = Map.groupBy(refused, ([member, { code }]) =>
    member.kind === 'letter' ? `${member.resourceType} ${code}` : nameOfMember(member),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const [member, { code, reason }] = first
    const rules = [...new Set(group.flatMap(([, refusal]) => refusal.rules))]
    const [text = nameOfMember(member)] =
      scope === undefined
        ? []
        : joined(
            { ...scope, dialect: 'v2' },
            group.map(([one]) => one),
          )
    return [{ scope: text, code, reason, rules }]
  })
}
