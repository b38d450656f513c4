import { BlockList, isIP } from 'node:net'

/** Addresses that are not of the public internet, by the registries of IANA (special-purpose addresses, RFC 6890). */
const SPECIAL_4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15',
  '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]
/** Of version 6 only what is routed at all; and of that nothing that leads back into version 4 by a tunnel. */
const GLOBAL_6 = ['2000::/3']
const SPECIAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Networks as 10.0.0.0/8 or single addresses. */
export function networksOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

const [special4, global6, special6] = [networksOf(SPECIAL_4), networksOf(GLOBAL_6), networksOf(SPECIAL_6)]

/** Is the address of the public internet? What carries a version 4 address inside is not. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !special4.check(address, 'ipv4')
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}
