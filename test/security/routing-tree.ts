export type Address = { method: string; path: string }

/** The routing table as Fastify draws it: a tree, four columns for each step down. */
export function addressesIn(tree: string): Address[] {
  const above: string[] = []
  return tree.split('\n').flatMap(line => {
    const [, branch = '', part = '', methods = ''] = /^((?:[│ ] {3})*(?:├── |└── ))(.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (branch === '') return []
    const depth = branch.length / 4 - 1
    above.splice(depth, above.length, part)
    const path = above.join('')
    return methods.split(', ').filter(method => method !== '' && method !== 'HEAD').map(method => ({ method, path }))
  })
}
