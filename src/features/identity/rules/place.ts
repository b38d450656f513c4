import { BlockList, isIPv6 } from 'node:net'

/** Where a sign-in came from, as far as it is kept: the address itself is not. */
export type Place = 'local' | 'campus' | 'outside'

export const placeLabels: Readonly<Record<Place, string>> = { local: '服务器上', campus: '校园网', outside: '校外网络' }

export function isPlace(text: string): text is Place {
  return Object.hasOwn(placeLabels, text)
}

/** Says for an address which kind of place it is. `campus`: networks as 10.0.0.0/8 or fc00::/7. */
export function createPlaces(campus: readonly string[]): (address: string) => Place {
  const [local, own] = [listOf(['127.0.0.0/8', '::1/128']), listOf(campus)]
  return address => {
    const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
    const family = isIPv6(plain) ? 'ipv6' : 'ipv4'
    if (local.check(plain, family)) return 'local'
    return own.check(plain, family) ? 'campus' : 'outside'
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, bits === '' ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
  }
  return list
}
