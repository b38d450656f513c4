import type { Feature, HallEntry } from '../../platform/feature.ts'
import { can } from '../../platform/rights.ts'
import { type Language, type T, textIn } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'

/** An entry in the reader's language. `group` is a key, to be compared with that of `here`. */
type Item = { label: string; href: string; group?: string | undefined; icon?: string | undefined; counted?: true | undefined }
type Group = { group: string; label: string; items: readonly Item[] }

/** The bar of the desk, links and sub-menus, and the tabs of the phone. */
export type HallMenu = { bar: readonly (Item | Group)[]; tabs: readonly Item[] }

/** The entry that a page belongs to. */
export type Here = { href: string; group?: string | undefined }

type Shown<Menu> = { menu?: Menu; here?: Here | undefined }
type MenuOf<Menu> = (visitor: SignedIn | null, language: Language, path: string) => Shown<Menu>

// Features bring their entries in the order in which they depend on each other; people look for them in the order of their day.
const HALL = ['首页', '我的服务', '我收到的', '我发出的', '成绩与证明', '我的', '帮助', '管理后台']
const CONSOLE = ['总览', '业务', '人员', '运行']

/** The features' entries as the hall's menu and the console's: of each, what the person may open. */
export function createMenus(features: readonly Feature[]): { hall: MenuOf<HallMenu>; console: MenuOf<Group[]> } {
  return {
    hall: menuOf(inOrder(HALL, features.flatMap(feature => feature.hallMenu ?? [])), hallMenu),
    console: menuOf(inOrder(CONSOLE, features.flatMap(feature => feature.consoleMenu ?? [])), groupsOf),
  }
}

function inOrder<Entry extends HallEntry>(order: readonly string[], entries: readonly Entry[]): Entry[] {
  const place = ({ group, label }: Entry) => {
    const at = order.indexOf(group ?? label)
    return at < 0 ? order.length : at
  }
  return entries.toSorted((one, other) => place(one) - place(other))
}

/** There are as many menus as languages and sets of rights: a handful, each made once. */
function menuOf<Entry extends HallEntry, Menu>(entries: readonly Entry[], make: (entries: readonly Entry[], language: Language) => Menu): MenuOf<Menu> {
  const made = new Map<string, Menu>()
  const placeOf = placesIn(entries)
  return (visitor, language, path) => {
    if (!visitor) return {}
    const key = `${language} ${visitor.rights.join(' ')}`
    const menu = made.get(key) ?? make(entries.filter(({ right }) => right === undefined || can(visitor, right)), language)
    made.set(key, menu)
    return { menu, here: placeOf(path) }
  }
}

/** Of the entries whose address a page has or lies below, the longest. */
function placesIn(entries: readonly HallEntry[]): (path: string) => Here | undefined {
  const longestFirst = entries.map(({ href, group, below = `${href}/` }) => ({ below, here: Object.freeze({ href, group }) })).toSorted((one, other) => other.here.href.length - one.here.href.length)
  return path => {
    const page = path.split('?', 1)[0] ?? ''
    return longestFirst.find(({ here, below }) => page === here.href || (below !== null && page.startsWith(below)))?.here
  }
}

function hallMenu(entries: readonly HallEntry[], language: Language): HallMenu {
  return {
    bar: Object.freeze(groupsOf(entries, language).map(group => group.items.find(item => item.group === undefined) ?? group)),
    tabs: Object.freeze(entries.flatMap(entry => entry.tab ? [{ ...itemOf(entry, textIn(language)), icon: entry.tab, label: textIn(language)(entry.group ?? entry.label) }] : [])),
  }
}

/** An entry without a group is one of its own. */
function groupsOf(entries: readonly (HallEntry & { icon?: string })[], language: Language): Group[] {
  const t = textIn(language)
  return [...Map.groupBy(entries, ({ group, label }) => group ?? label)].map(([group, members]) => ({ group, label: t(group), items: members.map(entry => itemOf(entry, t)) }))
}

function itemOf({ label, href, group, icon, counted }: HallEntry & { icon?: string }, t: T): Item {
  return { label: t(label), href, group, icon, counted }
}
