import { BlockList, isIP } from 'node:net'

export type World = 'demo' | 'production'

/** Names that mean this machine and nothing else (RFC 6761 §6.3; `launch-binding.md` §1 lists what browsers trust over http). */
export const isLoopbackName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'

/** Answers why an address may not be registered, or undefined when it may. */
export function addressFault(address: string, world: World): string | undefined {
  // What a browser would silently repair is not the address the app registered.
  if (address.length > 2000 || !/^[\x21-\x7e]+$/.test(address))
    return 'must be printable ASCII of at most 2000 characters'
  const url = URL.parse(address)
  if (url === null || !/^https?:\/\/[^/?#]/i.test(address))
    return 'must be an absolute https address, or http on this machine'
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/?#]*@/i.test(address))
    return 'must have no user part'
  if (address.includes('#')) return 'must have no fragment'
  if (address.includes('\\')) return 'must have no backslash'
  if (url.hostname.includes('*')) return 'must name its host'
  // A browser would go elsewhere than to what was registered.
  if (/\/(?:\.|%2e){1,2}(?=[/?]|$)/i.test(address)) return 'must have no dot segments'
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) return 'must be https unless it is on this machine'
  if (world === 'production' && isLoopbackName(url.hostname)) return 'must not be on this machine'
  return undefined
}

const special = new BlockList()
// IANA IPv4 and IPv6 Special-Purpose Address Registries: nothing a vendor publishes keys at, and where metadata services live.
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  special.addSubnet(net, bits, 'ipv6')

const V4_IN_V6 = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/i

/** Private, loopback, link-local, metadata, documentation and multicast addresses. */
export function isSpecialAddress(address: string): boolean {
  const mapped = V4_IN_V6.exec(address)?.groups?.['v4']
  if (mapped !== undefined) return special.check(mapped, 'ipv4')
  switch (isIP(address)) {
    case 4:
      return special.check(address, 'ipv4')
    case 6:
      // Any other writing of a mapped address is refused with it: no vendor needs one.
      return special.check(address, 'ipv6') || /^(0{1,4}:){5}f{4}:|^::f{4}:/i.test(address)
    default:
      return true
  }
}

export const isLoopbackAddress = (address: string): boolean => /^127(\.\d+){3}$/.test(address) || address === '::1'
