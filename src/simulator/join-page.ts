import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import QRCode from 'qrcode'
import type { Contacts } from './contacts.ts'
import type { Corp } from './corp.ts'
import type { DrawnCodes } from './drawn-codes.ts'
import { about, page, problem, queryOf } from './login-pages.ts'
import { escapeHtml, peopleList } from './html.ts'
import type { People } from './people.ts'
import type { Phone, PhoneBook } from './phone-book.ts'
import type { Member } from './types.ts'

export type JoinDeps = { corp: Corp; contacts: Contacts; people: People; book: PhoneBook; drawn: DrawnCodes; origin: () => string; changed(): void }

const QR_WIDTHS: Record<string, number> = { 1: 171, 2: 399, 3: 741, 4: 2052 }
const OTHER = '@other'

/** Leads back over the pages of the platform to the one that the code was on. */
function joined(reply: FastifyReply, corp: Corp, member: Member, pages: number): FastifyReply {
  return page(reply, '已加入', `<h1>已加入企业</h1><p>${escapeHtml(member.name)}，现在可以使用 ${escapeHtml(corp.agent.name)}。</p>
<p><button type="button" class="button" data-back="${pages}">返回刚才的网页</button></p><p><a class="quiet" href="/__phone/closed">进入企业微信</a></p>`)
}

/** A WeChat whose number nobody entered comes in as a member that nobody knows, under a userid that the platform makes up. */
async function joinUnknown({ people, corp }: JoinDeps): Promise<Member> {
  const userid = `wo${randomBytes(8).toString('hex')}`
  await people.admin.addMember({ userid, name: '微信用户', department: [1], generated: true, label: '新成员' })
  const member = corp.find(userid)
  if (!member) throw new Error('the new member is gone')
  return member
}

/** On a newcomer's phone the choice says which number its WeChat has: the platform joins by that. */
async function joinOnPhone(deps: JoinDeps, phone: Phone, as: string | undefined, reply: FastifyReply, address: string): Promise<FastifyReply> {
  const { corp, people, book, changed } = deps
  const chosen = as === OTHER ? await joinUnknown(deps) : phone.member ?? corp.find(as ?? '')
  if (!chosen) {
    const others = [{ name: '都不是', about: '这个微信绑定的是别的手机号，以新成员加入', href: `${address}?as=${OTHER}` }]
    return page(reply, '加入企业', `<h1>加入企业</h1><p>这个微信绑定的手机号是哪一个？这里列出已录入、还没有加入的成员。</p>${peopleList([...waitingPeople(corp, address), ...others])}`)
  }
  await people.join(chosen.userid)
  if (!phone.member) book.joined(chosen.userid)
  changed()
  return joined(reply, corp, chosen, phone.member ? 1 : 2)
}

function waitingPeople(corp: Corp, address: string): { name: string; about: string; href: string }[] {
  const waiting = [...corp.members.values()].filter((one) => one.status === 4)
  return waiting.map((one) => ({ name: one.name, about: `${one.mobile} · ${about(corp, one)}`, href: `${address}?${new URLSearchParams({ as: one.userid })}` }))
}

async function joinPage(deps: JoinDeps, request: FastifyRequest<{ Params: { code: string } }>, reply: FastifyReply): Promise<FastifyReply> {
  const { corp, contacts, people, book } = deps
  const { code } = request.params
  if (!contacts.joinable(code)) return problem(reply, '邀请码无效或已过期（有效期 7 天）')
  const phone = book.at(request.headers.host ?? '')
  const { as } = queryOf(request)
  if (phone) return joinOnPhone(deps, phone, as, reply, `/__phone/join/${code}`)
  const member = corp.find(as ?? '')
  if (member?.status === 4) {
    await people.join(member.userid)
    return page(reply, '已加入', `<h1>已加入企业</h1><p>${escapeHtml(member.name)}，现在可以在企业微信里使用 ${escapeHtml(corp.agent.name)}。</p>`)
  }
  return page(reply, '加入企业', `<h1>加入企业</h1><p>长按二维码的人是谁？这里列出已录入、还没有加入的成员。</p>${peopleList(waitingPeople(corp, `/join/${code}`))}`)
}

/** The join code: its picture, and what happens to who follows it. */
export function joinRoutes(app: FastifyInstance, deps: JoinDeps): void {
  for (const path of ['/join/:code', '/__phone/join/:code']) app.get<{ Params: { code: string } }>(path, (request, reply) => joinPage(deps, request, reply))
  app.get<{ Params: { code: string }; Querystring: { size_type?: string } }>('/join/:code/qr.png', async (request, reply) => {
    const { code } = request.params
    if (!deps.contacts.joinable(code)) return reply.code(404).send()
    const picture = await QRCode.toBuffer(`${deps.origin()}/join/${code}`, { width: QR_WIDTHS[request.query.size_type ?? '1'] ?? 171, margin: 2 })
    deps.drawn.keep(picture, `/__phone/join/${code}`)
    return reply.type('image/png').send(picture)
  })
}
