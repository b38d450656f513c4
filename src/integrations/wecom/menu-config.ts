import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { Type } from 'typebox'
import { fits } from '../../platform/schema.ts'
import { type AgentSettings, Menu, type Workbench } from './agent.ts'
import type { Wecom } from './index.ts'

const folder = join(import.meta.dirname, '../../../wecom-config')

const Callback = Type.Object({
  agent: Type.Object({
    redirect_domain: Type.String(), home_url: Type.String(), isreportenter: Type.Integer(), report_location_flag: Type.Integer(),
  }),
  /** what only the admin console takes: shown, never applied */
  by_hand: Type.Record(Type.String(), Type.String()),
})
const Template = Type.Object({ type: Type.Union(['keydata', 'image', 'list', 'webview', 'normal'].map(name => Type.Literal(name))) })

/** `wecom-config/` as the platform should have it. */
export type WecomConfig = { menu: Menu; agent: AgentSettings; byHand: Record<string, string>; workbench: Workbench }

/** A part of the settings: what WeCom has, what the file wants, as lines for a reader, and how to make them the same. */
export type Part = { name: string; want: string[]; have(): Promise<string[]>; apply(): Promise<void> }

/** Reads the files with `${PUBLIC_URL}` and `${PUBLIC_HOST}` filled in; an Error says which file is wrong and where. */
export async function readConfig(publicUrl: string, directory = folder): Promise<WecomConfig> {
  const read = async <T>(name: string, schema: TSchema): Promise<T> => {
    const text = await readFile(join(directory, name), 'utf8')
    const filled = text.replaceAll('${PUBLIC_URL}', publicUrl.replace(/\/$/, '')).replaceAll('${PUBLIC_HOST}', new URL(publicUrl).host)
    const value: unknown = JSON.parse(filled)
    if (!fits<T>(schema, value)) throw new Error(`wecom-config/${name} 的结构不对`)
    return value
  }
  const menu = await read<Menu>('menu.json', Menu)
  const faults = menuFaults(menu)
  if (faults.length > 0) throw new Error(`wecom-config/menu.json：${faults.join('；')}`)
  const callback = await read<{ agent: AgentSettings; by_hand: Record<string, string> }>('callback.json', Callback)
  return { menu, agent: callback.agent, byHand: callback.by_hand, workbench: await read<Workbench>('workbench.json', Template) }
}

/** What the platform would refuse of a menu (limits of 90231). */
export function menuFaults({ button }: Menu): string[] {
  const faults: string[] = []
  const count = (what: string, n: number, max: number) => { if (n < 1 || n > max) faults.push(`${what}要有 1 到 ${max} 个，现在是 ${n} 个`) }
  const leaf = (item: { name: string; type?: string; url?: string; key?: string }, bytes: number) => {
    if (Buffer.byteLength(item.name) > bytes) faults.push(`「${item.name}」的名称超过 ${bytes} 个字节`)
    if (item.type === 'view' && !item.url) faults.push(`「${item.name}」缺少网址`)
    if (item.url && Buffer.byteLength(item.url) > 1024) faults.push(`「${item.name}」的网址超过 1024 个字节`)
    if (item.type === 'click' && !item.key) faults.push(`「${item.name}」缺少 key`)
  }
  count('菜单', button.length, 3)
  for (const { sub_button, ...item } of button) {
    leaf(item, 16)
    if (!item.type) count(`「${item.name}」的子菜单`, sub_button?.length ?? 0, 5)
    for (const sub of sub_button ?? []) leaf(sub, 40)
  }
  return faults
}

/** The parts that can be compared and applied by interface. */
export function partsOf({ menu, agent, workbench }: WecomConfig, wecom: Pick<Wecom, 'menu' | 'agent' | 'workbench'>): Part[] {
  return [
    { name: '菜单', want: menuLines(menu), have: async () => menuLines(await wecom.menu.get() ?? { button: [] }), apply: () => wecom.menu.create(menu) },
    { name: '应用设置', want: flat(agent), have: async () => flat(only(await wecom.agent.get(), agent)), apply: () => wecom.agent.set(agent) },
    { name: '工作台', want: flat(only(workbench, workbenchShape(workbench))), apply: () => wecom.workbench.set(workbench),
      have: async () => { const has = await wecom.workbench.get(); return flat(only(has, workbenchShape(has))) } },
  ]
}

function menuLines({ button }: Menu): string[] {
  return button.flatMap(({ sub_button, ...item }) => [
    ...(item.type ? [leafLine(item.name, item)] : [item.name]), ...(sub_button ?? []).map(sub => leafLine(`${item.name} / ${sub.name}`, sub)),
  ])
}

function leafLine(path: string, { type, url, key, pagepath }: { type?: string; url?: string; key?: string; pagepath?: string }): string {
  return `${path} → ${type} ${url ?? key ?? pagepath ?? ''}`.trimEnd()
}

// Of a workbench template only the object of its own type counts; the platform may keep those of earlier types.
function workbenchShape({ type }: Workbench): Record<string, unknown> {
  return { type, [type]: true }
}

function only(value: Record<string, unknown>, like: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key in like))
}

function flat(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} = ${String(value)}`]
  const entries = Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  return entries.flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key))
}
