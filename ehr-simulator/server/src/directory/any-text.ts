import type { MemberReader } from '@uthopp/server-kit/members'
import { problem } from '@uthopp/smart-core/problem'

/** A text that may be empty and may hold any character: a password, or the words of a search. */
export const anyText: MemberReader<string> = (value, name) =>
  typeof value === 'string' && value.length <= 200
    ? value
    : problem(name, `\`${name}\` must be a text of at most 200 characters`)
