export type RegistrationForm = {
  readonly launchUri: string
  readonly redirectUris: readonly string[]
  readonly scope: string
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/
const CLINICAL = /^(?:patient|user|system)\//
const SHAPE = /^(?:patient|user|system)\/(?:[A-Z]\w*|\*)\.(?:read|write|\*|c?r?u?d?s?)(?:\?.+)?$/

/** What may be wrong with an address, in the words of the form. The authorization server has the last word. */
function addressFault(address: string): string | undefined {
  const url = URL.parse(address)
  if (url === null || !/^https?:\/\/[^/?#]/i.test(address))
    return 'is not an absolute https address, or http on this machine'
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    return 'must be https, because it is not on this machine'
  return address.includes('#') ? 'must have no fragment' : undefined
}

/** Everything that can be seen to be wrong before anybody is asked, all at once and by the names of the fields. */
export function faultsOf({ launchUri, redirectUris, scope }: RegistrationForm): readonly string[] {
  const fault = (field: string, address: string): readonly string[] => {
    const wrong = addressFault(address)
    return wrong === undefined ? [] : [`${field}: ${address} ${wrong}`]
  }
  return [
    ...fault('Launch address', launchUri),
    ...(redirectUris.length === 0 ? ['Redirect addresses: at least one is needed'] : []),
    ...redirectUris.flatMap((address) => fault('Redirect addresses', address)),
    ...scope
      .split(/\s+/)
      .filter((one) => CLINICAL.test(one) && (!SHAPE.test(one) || /\.(?:\?|$)/.test(one)))
      .map((one) => `Scopes: ${one} is not level/Type.letters, the letters a choice of cruds in that order`),
  ]
}

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['redirect_uris', 'Redirect addresses'],
  ['launch_uris', 'Launch address'],
  ['client_name', 'Name'],
  ['scope', 'Scopes'],
])

/** A refusal of the server's that names members of the wire, by the names of the fields. */
export const inFieldNames = (refusal: string): string =>
  refusal.replace(/`(?<member>\w+)`/g, (whole, member: string) => FIELDS.get(member) ?? whole)
