/** A unit as a department should be. */
export type Wanted = { unit_id: string; name: string; /** the unit above */ parent: string | null; /** 1 for a unit without one above */ level: number; created_at: number }

type UnitFacts = { id: string; code: string; name: string; parent_id: string | null; created_at: number }

/** WeCom's tree has at most 15 levels, the root being the first (81002). */
export const MOST_LEVELS = 15

/** 1 to 64 characters, none of \ : * ? " < > ｜ (90205): their full-width twins stand in, which read the same. */
export function departmentName(name: string): string {
  const twins: Readonly<Record<string, string>> = { '\\': '＼', ':': '：', '*': '＊', '?': '？', '"': '＂', '<': '＜', '>': '＞', '｜': '-', '|': '-' }
  const clean = [...name.trim()].map(letter => twins[letter] ?? letter).slice(0, 64).join('')
  return clean === '' ? '-' : clean
}

/** Every unit as a department, those above before those below; of two with one name under one parent, the later code carries its code. */
export function wantedDepartments(units: readonly UnitFacts[]): Wanted[] {
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const levelOf = (unit: UnitFacts, seen: ReadonlySet<string> = new Set()): number => {
    const above = unit.parent_id === null || seen.has(unit.id) ? undefined : byId.get(unit.parent_id)
    return above ? levelOf(above, new Set([...seen, unit.id])) + 1 : 1
  }
  const taken = new Set<string>()
  const named = units.toSorted((a, b) => (a.code < b.code ? -1 : 1)).map((unit): Wanted => {
    const plain = departmentName(unit.name)
    const twin = taken.has(`${unit.parent_id} ${plain}`)
    const name = twin ? `${[...plain].slice(0, 62 - unit.code.length).join('')}（${departmentName(unit.code)}）` : plain
    taken.add(`${unit.parent_id} ${name}`)
    return { unit_id: unit.id, name, parent: byId.has(unit.parent_id ?? '') ? unit.parent_id : null, level: levelOf(unit), created_at: unit.created_at }
  })
  return named.toSorted((a, b) => a.level - b.level)
}

/** A department as WeCom has it. */
export type There = { id: number; name: string; parentid: number }

/** Which department stands for which unit: as known, and beside that by name under the department of the unit above. */
export function linkUnits(wanted: readonly Wanted[], there: readonly There[], known: ReadonlyMap<string, number>, root: number): Map<string, number> {
  const byId = new Map(there.map(department => [department.id, department]))
  const links = new Map([...known].filter(([, id]) => byId.has(id)))
  const linked = new Set(links.values())
  const below = Map.groupBy(there, department => department.parentid)
  for (const { unit_id, name, parent, level } of wanted) {
    if (links.has(unit_id)) continue
    const above = parent === null ? root : links.get(parent)
    if (above === undefined) continue
    // A school that is itself the first unit of its list stands at the root.
    const candidates = [...below.get(above) ?? [], ...(level === 1 ? there.filter(department => department.id === root) : [])]
    const found = candidates.find(department => department.name === name && !linked.has(department.id))
    if (!found) continue
    links.set(unit_id, found.id)
    linked.add(found.id)
  }
  return links
}

/** The number of the department that a unit should stand under; undefined where that is not there yet. */
export function parentFor({ parent, unit_id }: Wanted, links: ReadonlyMap<string, number>, root: number): number | undefined {
  const above = parent === null ? root : links.get(parent)
  return links.get(unit_id) === above && parent === null ? undefined : above
}

/** The department and everything below it. */
export function subtreeOf(there: readonly There[], root: number): ReadonlySet<number> {
  const below = Map.groupBy(there, department => department.parentid)
  const found = new Set<number>()
  const walk = (id: number): void => {
    if (found.has(id)) return
    found.add(id)
    for (const child of below.get(id) ?? []) walk(child.id)
  }
  walk(root)
  return found
}
