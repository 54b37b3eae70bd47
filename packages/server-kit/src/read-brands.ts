import { isProblem, problem } from '@uthopp/smart-core/problem'
import { type BrandsDeployment, brandIdentifierOf } from './deployment.ts'
import { list, type MemberReader, type Members, readMembers, text } from './members.ts'

type Readers = Readonly<Record<string, MemberReader<unknown>>>

/** A member that is itself an object of named members. */
const object =
  <R extends Readers, O extends Readers>(shape: {
    readonly required: R
    readonly optional: O
  }): MemberReader<Members<R, O>> =>
  (value, name) => {
    const read = readMembers(value, shape)
    return isProblem(read) ? problem(name, `\`${name}\`: ${read.reason}`) : read
  }

/** What strangers are sent to is never in the clear, not in the demo world either. */
const site: MemberReader<string> = (value, name) => {
  const address = text(value, name)
  if (isProblem(address)) return address
  return URL.parse(address)?.protocol === 'https:' ? address : problem(name, `\`${name}\` must be an https address`)
}

const region = object({ required: { orgnr: text, name: text, site }, optional: {} })
const portal = object({ required: { name: text, url: site }, optional: { description: text } })
const trust = object({ required: { orgnr: text, site }, optional: { logo: site, portal } })

/** The brands a deployment publishes. */
export const brands: MemberReader<BrandsDeployment> = object({
  required: { developerSite: site, trusts: list(trust) },
  optional: { region },
})

/** What is wrong about brands beside trusts: one of nobody, or two that could not be told apart (SAL-225). */
export function brandProblems(
  given: BrandsDeployment | undefined,
  trusts: readonly (string | undefined)[],
): readonly string[] {
  if (given === undefined) return []
  const all = [...given.trusts, ...(given.region === undefined ? [] : [given.region])]
  const strangers = given.trusts.filter(({ orgnr }) => !trusts.includes(orgnr)).map(({ orgnr }) => orgnr)
  const twice = [all.map(({ orgnr }) => orgnr), all.map((brand) => brandIdentifierOf(brand).value)].flatMap((names) =>
    names.filter((name, index) => names.indexOf(name) !== index),
  )
  return [
    ...strangers.map((orgnr) => `brands: \`${orgnr}\` is no trust of this deployment`),
    ...twice.map((name) => `brands: \`${name}\` is there twice`),
  ]
}
