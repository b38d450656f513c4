import { type Static, Type } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import type { Call } from './call.ts'
import { errcodeOf } from './errors.ts'

const Leaf = Type.Object({
  type: Type.Optional(Type.String()), name: Type.String(), key: Type.Optional(Type.String()), url: Type.Optional(Type.String()),
  pagepath: Type.Optional(Type.String()), appid: Type.Optional(Type.String()),
})
const Button = Type.Object({ ...Leaf.properties, sub_button: Type.Optional(Type.Array(Leaf)) })
export const Menu = Type.Object({ button: Type.Array(Button) })
export type Menu = Static<typeof Menu>

const flag = Type.Optional(Type.Integer())
const Agent = Type.Object({
  name: Type.Optional(Type.String()), redirect_domain: Type.Optional(Type.String()), home_url: Type.Optional(Type.String()),
  isreportenter: flag, report_location_flag: flag,
})
/** What an app says of itself and may be set by interface; the visible range, the callback and its keys are set by hand only. */
export type AgentSettings = Static<typeof Agent>

const Workbench = Type.Object({ type: Type.String() })
/** `type` names the object that stands beside it: keydata, image, list or webview; `normal` has none. */
export type Workbench = { type: string } & Record<string, unknown>

const NO_MENU = 46003

/** Menu, settings and workbench of the app (90231, 90227, 92535). */
export function agentCalls(call: Call, agentid: number) {
  const query = { agentid }
  return {
    menu: {
      /** null where none is set */
      async get(): Promise<Menu | null> {
        try {
          return await call(Menu, { path: '/cgi-bin/menu/get', query })
        } catch (error) {
          if (error instanceof AppError && errcodeOf(error) === NO_MENU) return null
          throw error
        }
      },
      /** Replaces the whole menu. */
      async create(menu: Menu): Promise<void> {
        await call(Type.Object({}), { path: '/cgi-bin/menu/create', query, body: JSON.stringify(menu) })
      },
      async delete(): Promise<void> {
        await call(Type.Object({}), { path: '/cgi-bin/menu/delete', query })
      },
    },
    agent: {
      get: (): Promise<AgentSettings> => call(Agent, { path: '/cgi-bin/agent/get', query }),
      async set(settings: AgentSettings): Promise<void> {
        await call(Type.Object({}), { path: '/cgi-bin/agent/set', body: JSON.stringify({ agentid, ...settings }) })
      },
    },
    workbench: {
      async get(): Promise<Workbench> {
        return await call(Workbench, { path: '/cgi-bin/agent/get_workbench_template', body: JSON.stringify({ agentid }) })
      },
      async set(template: Workbench): Promise<void> {
        await call(Type.Object({}), { path: '/cgi-bin/agent/set_workbench_template', body: JSON.stringify({ agentid, ...template }) })
      },
    },
  }
}
