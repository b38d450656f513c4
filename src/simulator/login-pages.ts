import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import QRCode from 'qrcode'
import type { Corp } from './corp.ts'
import { escapeHtml, peopleList, platformPage } from './html.ts'
import { openidOf, type OAuth } from './oauth.ts'
import type { PhoneBook } from './phone-book.ts'
import { toPhone } from './rewrite.ts'
import { isRecord } from './shape.ts'
import type { Member } from './types.ts'

export type LoginDeps = { corp: Corp; oauth: OAuth; book: PhoneBook; hallOrigin: string; origin: () => string }
type Query = Record<string, string>

export function queryOf(request: FastifyRequest): Query {
  const query = isRecord(request.query) ? request.query : {}
  return Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

/** Every page of the platform is fresh: a code must never come from a cache. */
export function page(reply: FastifyReply, title: string, body: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(platformPage(title, body))
}

export function problem(reply: FastifyReply, sentence: string, number = ''): FastifyReply {
  const code = number === '' ? '' : `<p class="code">错误码 ${escapeHtml(number)}</p>`
  return page(reply, '无法继续', `<h1>无法继续</h1><p>${escapeHtml(sentence)}</p>${code}`, 400)
}

/** Host and port must equal the trusted domain exactly (§1.4). */
function trusted(uri: string | undefined, hallOrigin: string): boolean {
  return uri !== undefined && URL.canParse(uri) && new URL(uri).host === new URL(hallOrigin).host && /^https?:/.test(uri)
}

function comeBack(query: Query, code: string): string {
  const url = new URL(query['redirect_uri'] ?? '')
  url.searchParams.set('code', code)
  if (query['state'] !== undefined) url.searchParams.set('state', query['state'])
  return url.href
}

/** On a phone the way back leads through the phone's own address: there its cookies are. */
function sendBack(deps: LoginDeps, request: FastifyRequest, reply: FastifyReply, query: Query, code: string): FastifyReply {
  const phone = deps.book.at(request.headers.host ?? '')
  const url = comeBack(query, code)
  if (!phone) return reply.redirect(url, 302)
  return reply.redirect(toPhone(url, { hall: [deps.hallOrigin], platform: [], phone: phone.origin }), 302)
}

export function about(corp: Corp, member: Member): string {
  const departments = member.department.map((id) => corp.departments.get(id)?.name ?? '').filter((name) => name !== '')
  return [member.label, member.position, departments.join('、'), member.userid].filter((part) => part !== '').join(' · ')
}

function peopleFor(corp: Corp, path: string, query: Query): { name: string; about: string; href: string }[] {
  return [...corp.members.values()].filter((member) => member.status === 1).map((member) => ({
    name: member.name, about: about(corp, member), href: `${path}?${new URLSearchParams({ ...query, as: member.userid })}`,
  }))
}

function authorizeFault(deps: LoginDeps, query: Query): string | null {
  if (query['appid'] !== deps.corp.corpId) return 'appid 参数错误'
  if (!trusted(query['redirect_uri'], deps.hallOrigin)) return 'redirect_uri 参数错误：域名与可信域名不一致（50001）'
  if (query['response_type'] !== 'code') return 'response_type 参数错误'
  if (query['scope'] !== 'snsapi_base' && query['scope'] !== 'snsapi_privateinfo') return 'scope 参数错误'
  if (query['state'] !== undefined && !/^[a-zA-Z0-9]{0,128}$/.test(query['state'])) return 'state 参数错误：只能是 128 个以内的字母和数字'
  return null
}

function consentPage(deps: LoginDeps, query: Query, onPhone: boolean): string {
  const yes = `/connect/oauth2/authorize?${new URLSearchParams({ ...query, agreed: '1' })}`
  return `<h1>${escapeHtml(deps.corp.agent.name)} 申请使用</h1><ul class="wants"><li>头像、性别</li><li>手机号、邮箱、地址</li></ul>
<p><a class="button" href="${escapeHtml(yes)}">允许</a></p>${onPhone ? '<p><a class="quiet" href="/__phone/closed">拒绝</a></p>' : ''}`
}

/** §2.1. On a phone silent; elsewhere somebody must be chosen first. */
function authorize(deps: LoginDeps, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { corp, oauth } = deps
  const query = queryOf(request)
  const fault = authorizeFault(deps, query)
  if (fault !== null) return problem(reply, fault)
  const { as, agreed, ...asked } = query
  const onPhone = deps.book.at(request.headers.host ?? '')
  const member = onPhone?.member ?? corp.find(as ?? '')
  if (as === '@wechat' || onPhone?.member === null) return sendBack(deps, request, reply, asked, oauth.code({ openid: openidOf(corp.corpId, '@wechat') }))
  if (!member) {
    const people = peopleFor(corp, '/connect/oauth2/authorize', asked)
    const stranger = { name: '不是企业成员的微信用户', about: '只带回 openid', href: `/connect/oauth2/authorize?${new URLSearchParams({ ...asked, as: '@wechat' })}` }
    return page(reply, '以谁的身份打开', `<h1>以谁的身份打开</h1><p>真实的页面只能在企业微信客户端里打开。这里选一个人代替。</p>${peopleList([...people, stranger])}`)
  }
  if (member.status !== 1) return problem(reply, '此账号没有加入企业或已离开')
  const wantsDetail = query['scope'] === 'snsapi_privateinfo' && query['agentid'] === String(corp.agent.agentid)
  if (wantsDetail && !corp.reachable(member)) return problem(reply, '你不在应用的可见范围内', '50002')
  if (wantsDetail && !agreed && !oauth.consented(member.userid)) return page(reply, '授权', consentPage(deps, query, onPhone !== undefined))
  if (wantsDetail) oauth.consent(member.userid)
  return sendBack(deps, request, reply, asked, oauth.code({ userid: member.userid }, wantsDetail))
}

function loginFault(deps: LoginDeps, query: Query): [string, string] | null {
  if (query['login_type'] !== 'CorpApp') return ['login_type 参数错误', '-31040']
  if (query['appid'] !== deps.corp.corpId) return ['appid 参数错误', '-31027']
  if (query['agentid'] !== String(deps.corp.agent.agentid)) return ['agentid 参数错误', '-31028']
  if (!query['redirect_uri']) return ['redirect_uri 为空', '-31035']
  return trusted(query['redirect_uri'], deps.hallOrigin) ? null : ['redirect_uri 不在可信域名内', '-31039']
}

/** §2.4: the QR page on a computer; under the code, who scans it. */
async function scanLogin(deps: LoginDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { corp, oauth } = deps
  const query = queryOf(request)
  const fault = loginFault(deps, query)
  if (fault) return problem(reply, ...fault)
  const { as, ...asked } = query
  const member = as === undefined ? undefined : corp.find(as)
  if (member && !corp.reachable(member)) return problem(reply, `${member.name} 不在应用的可见范围内，不能登录`)
  if (member) return sendBack(deps, request, reply, asked, oauth.code({ userid: member.userid }))
  const svg = await QRCode.toString(`${deps.origin()}/wwlogin/sso/login?${new URLSearchParams(asked)}`, { type: 'svg', margin: 1 })
  return page(reply, '企业微信登录', `<h1>企业微信登录</h1><p>登录 ${escapeHtml(corp.agent.name)}</p>
<div class="qr" role="img" aria-label="登录二维码">${svg}</div><h2>谁用手机扫这个码</h2>${peopleList(peopleFor(corp, '/wwlogin/sso/login', asked))}`)
}

/** The platform's pages for people: authorise, PC login. */
export function loginRoutes(app: FastifyInstance, deps: LoginDeps): void {
  app.get('/connect/oauth2/authorize', (request, reply) => authorize(deps, request, reply))
  app.get('/wwlogin/sso/login', (request, reply) => scanLogin(deps, request, reply))
}
