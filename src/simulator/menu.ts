import type { ApiTable } from './api.ts'
import { WecomError } from './errors.ts'
import { bytes, isRecord, type Json } from './shape.ts'

export type MenuItem = { name: string; type?: string; key?: string; url?: string; pagepath?: string; appid?: string; sub_button?: MenuItem[] }
export type Menu = { button: MenuItem[] }
export type Menus = { apis: ApiTable; current(): Menu | null; clear(): void }

/** Which code a fault has on the bar and in a sub-menu (§6.1). */
const codes = {
  main: { type: 40017, name: 40018, key: 40019, url: 40020, nameBytes: 16 },
  sub: { type: 40024, name: 40025, key: 40026, url: 40027, nameBytes: 40 },
}
const keyed = ['click', 'scancode_push', 'scancode_waitmsg', 'pic_sysphoto', 'pic_photo_or_album', 'pic_weixin', 'location_select']

function textAt(item: Json, key: string): string {
  const value = item[key]
  return typeof value === 'string' ? value : ''
}

function checkName(item: Json, level: 'main' | 'sub'): string {
  const name = textAt(item, 'name')
  if (name === '') throw new WecomError(41102)
  if (bytes(name) > codes[level].nameBytes) throw new WecomError(codes[level].name, name)
  return name
}

function checkUrl(url: string, level: 'main' | 'sub'): string {
  if (url === '' || bytes(url) > 1024) throw new WecomError(codes[level].url)
  if (!/^https?:\/\//.test(url)) throw new WecomError(45034, url)
  return url
}

function leaf(item: Json, level: 'main' | 'sub'): MenuItem {
  const name = checkName(item, level)
  const type = textAt(item, 'type')
  if (type === 'view') return { type, name, url: checkUrl(textAt(item, 'url'), level) }
  if (type === 'view_miniprogram') {
    const pagepath = textAt(item, 'pagepath')
    const appid = textAt(item, 'appid')
    if (pagepath === '' || appid === '') throw new WecomError(40058, 'pagepath and appid')
    return { type, name, pagepath, appid }
  }
  if (!keyed.includes(type)) throw new WecomError(codes[level].type, type)
  const key = textAt(item, 'key')
  if (key === '' || bytes(key) > 128) throw new WecomError(codes[level].key)
  return { type, name, key }
}

function branch(item: Json): MenuItem {
  const subs = item['sub_button']
  if (subs === undefined || (Array.isArray(subs) && subs.length === 0 && item['type'] !== undefined)) return leaf(item, 'main')
  if (!Array.isArray(subs) || subs.length < 1 || subs.length > 5) throw new WecomError(40023)
  const name = checkName(item, 'main')
  return {
    name,
    sub_button: subs.map((sub: unknown) => {
      if (!isRecord(sub)) throw new WecomError(40058, 'sub_button')
      if (sub['sub_button'] !== undefined && !(Array.isArray(sub['sub_button']) && sub['sub_button'].length === 0)) throw new WecomError(40022)
      return leaf(sub, 'sub')
    }),
  }
}

/** The menu as it will be shown, or the code of its first fault. */
export function checkMenu(body: Json): Menu {
  const buttons = body['button']
  if (!Array.isArray(buttons) || buttons.length < 1 || buttons.length > 3) throw new WecomError(40016)
  return {
    button: buttons.map((item: unknown) => {
      if (!isRecord(item)) throw new WecomError(40058, 'button')
      return branch(item)
    }),
  }
}

/** The app's menu: created whole, read, deleted. */
export function createMenus(checkAgent: (agentid: unknown) => void, changed: () => void): Menus {
  let menu: Menu | null = null
  const refuses = { contacts: 48002 }
  function set(next: Menu | null): Json {
    menu = next
    changed()
    return {}
  }
  return {
    current: () => menu,
    clear: () => void set(null),
    apis: {
      'menu/create': {
        method: 'POST', refuses,
        run({ query, body }) {
          checkAgent(Number(query['agentid']))
          return set(checkMenu(body))
        },
      },
      'menu/get': {
        method: 'GET', refuses,
        run({ query }) {
          checkAgent(Number(query['agentid']))
          if (menu === null) throw new WecomError(46003)
          return { ...menu }
        },
      },
      'menu/delete': {
        method: 'GET', refuses,
        run({ query }) {
          checkAgent(Number(query['agentid']))
          return set(null)
        },
      },
    },
  }
}
