import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Asset } from './assets.ts'
import type { Changes } from './changes.ts'
import type { DrawnCodes } from './drawn-codes.ts'
import type { Media } from './media.ts'
import { sendAsset, sendFile, streamChanges } from './page-routes.ts'
import type { People } from './people.ts'
import { callShape, type PayDesk } from './pay/index.ts'
import { NEWCOMER, type Phone, type PhoneBook } from './phone-book.ts'
import type { Phones } from './phones.ts'
import { isRecord, read, type Of } from './shape.ts'
import type { Member } from './types.ts'
import type { XmlFields } from './xml.ts'
import { phoneView, type ViewDeps } from './views.ts'

export type PhoneDeps = ViewDeps & { book: PhoneBook; drawn: DrawnCodes; people: People; phones: Phones; media: Media; assets: Map<string, Asset>; changes: Changes; pay: PayDesk | null; openidOf(userid: string): string }

const clickShape = { task_id: 'text', key: 'text', selected: 'any' } as const
const menuShape = { type: 'text', key: 'text', url: 'text', result: 'text' } as const
/** bytes of a picture that is pressed, in base64 */
const PICTURE = 2 * 1024 * 1024
const PLAIN_TAPS = new Set(['click', 'view', 'view_miniprogram'])

function chosen(value: unknown): Record<string, string[]> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([key, ids]) => [key, Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []]))
}

/** A tap on the app's menu raises its event; opening the page is the phone's part. */
async function menuTap(deps: PhoneDeps, member: Member, item: Of<typeof menuShape>): Promise<void> {
  if (deps.callbacks.url('app') === null || !item.type) return
  const EventKey = (item.type === 'view' ? item.url : item.key) ?? ''
  const fields: XmlFields = { EventKey }
  const isScan = item.type.startsWith('scancode')
  if (isScan) fields['ScanCodeInfo'] = { ScanType: 'qrcode', ScanResult: item.result ?? '' }
  if (isScan || PLAIN_TAPS.has(item.type)) await deps.people.event(member.userid, item.type, fields)
}

type Act = (member: Member, body: unknown) => Promise<unknown>
/** What a phone does that is nobody's yet, too. */
type PhoneAct = (phone: Phone, body: unknown) => Promise<unknown>

function acts(deps: PhoneDeps): Record<string, Act> {
  const { people } = deps
  return {
    open: (member) => people.open(member.userid),
    async seen(member) {
      people.seen(member.userid)
    },
    async click(member, body) {
      const { task_id = '', key = '', selected } = read(clickShape, body)
      const delivery = await people.click(member.userid, task_id, key, { selected: chosen(selected) })
      return { delivered: delivery.state === 'delivered' }
    },
    menu: (member, body) => menuTap(deps, member, read(menuShape, body)),
    async say(member, body) {
      const { text = '' } = read({ text: 'text' }, body)
      if (text.trim() !== '') await people.say(member.userid, text.slice(0, 2000))
    },
    join: (member) => people.join(member.userid),
    /** What a page asks to be paid through the bridge, or a code that was scanned: shown before anything is paid. */
    async payable({ userid }, body) {
      const { call, code } = read({ call: 'any', code: 'text' }, body)
      return deps.pay?.shown(code === undefined ? deps.pay.calledUp(read(callShape, call), deps.openidOf(userid)) : deps.pay.scanned(code))
    },
    async pay(_member, body) {
      deps.pay?.pay(read({ out_trade_no: 'text' }, body).out_trade_no ?? '')
    },
  }
}

function phoneActs({ phones, book, drawn, changes }: PhoneDeps): Record<string, PhoneAct> {
  return {
    async forget(phone) {
      phones.forget(phone)
    },
    /** A long press on a picture: where the code in it leads. */
    async recognise(_phone, body) {
      const { picture = '' } = read({ picture: 'text' }, body)
      return { address: drawn.read(Buffer.from(picture, 'base64')) ?? null }
    },
    /** The next newcomer takes the phone up. */
    async newcomer(phone) {
      if (phone.label !== NEWCOMER) return
      book.newcomer()
      phones.forget(phone)
      changes.touch()
    },
  }
}

/** The phone's own pages under /__phone on its host; on any other host they do not exist. */
export function phoneRoutes(app: FastifyInstance, deps: PhoneDeps): void {
  const { book, assets } = deps
  type Handler = (phone: Phone, request: FastifyRequest, reply: FastifyReply) => unknown
  const onPhone = (handler: Handler) => async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const phone = book.at(request.headers.host ?? '')
    return phone ? handler(phone, request, reply) : reply.code(404).type('text/plain; charset=utf-8').send('没有这部手机')
  }
  app.get('/__phone', onPhone((_phone, _request, reply) => reply.redirect('/__phone/', 302)))
  app.get('/__phone/', onPhone((_phone, _request, reply) => sendAsset(reply, assets.get('phone.html'))))
  app.get('/__phone/closed', onPhone((_phone, _request, reply) => sendAsset(reply, assets.get('closed.html'))))
  app.get('/__phone/state', onPhone((phone, _request, reply) => reply.header('cache-control', 'no-store').send(phoneView(deps, phone))))
  app.get('/__phone/changes', onPhone((_phone, _request, reply) => {
    streamChanges(deps.changes, reply)
    return reply
  }))
  app.get<{ Params: { name: string } }>('/__phone/assets/:name', async (request, reply) => sendAsset(reply, assets.get(request.params.name)))
  app.get<{ Params: { id: string }; Querystring: { download?: string } }>('/__phone/media/:id/:name', async (request, reply) => {
    const file = deps.media.file(request.params.id)
    if (!file) return reply.code(404).send()
    return sendFile(reply, { filename: file.filename, type: file.contentType, data: file.data }, request.query.download !== undefined)
  })
  const ofMember = (act: Act): PhoneAct => async (phone, body) => {
    if (!phone.member) throw new Error('nobody of the corporation has this phone')
    return await act(phone.member, body)
  }
  const ofMembers = Object.entries(acts(deps)).map(([name, act]): [string, PhoneAct] => [name, ofMember(act)])
  for (const [name, act] of [...ofMembers, ...Object.entries(phoneActs(deps))]) {
    app.post(`/__phone/${name}`, { bodyLimit: PICTURE }, onPhone(async (phone, request, reply) => {
      try {
        return (await act(phone, request.body)) ?? { ok: true }
      } catch (error) {
        // A tap on a button that has just gone: the phone shows what is true now.
        return reply.code(409).send({ ok: false, message: error instanceof Error ? error.message : '' })
      }
    }))
  }
}
