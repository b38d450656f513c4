import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpId, getJson, onPhone, textMessage, world } from './support.ts'

const MINUTE = 60_000

test('gettoken names what is wrong with the credentials', async (t) => {
  const { sim } = await world(t)
  const cases: [string, number][] = [
    ['', 41002], [`corpid=${corpId}`, 41004], [`corpid=ww0&corpsecret=app-secret`, 40013], [`corpid=${corpId}&corpsecret=no`, 40001],
    [`corpid=${corpId}&corpsecret=app-secret`, 0],
  ]
  for (const [query, errcode] of cases) assert.equal((await getJson(`${sim.origin}/cgi-bin/gettoken?${query}`)).errcode, errcode, query)
})

test('a token stays the same while it is good and ends after two hours', async (t) => {
  const { sim, tokenOf, pass, call } = await world(t)
  const first = await tokenOf()
  pass(119 * MINUTE)
  assert.equal(await tokenOf(), first)
  pass(2 * MINUTE)
  const answer = await getJson(`${sim.origin}/cgi-bin/agent/list?access_token=${first}`)
  assert.equal(answer.errcode, 42001)
  assert.match(answer.errmsg, /^access_token expired, hint: \[\d{10}_\d+_[0-9a-f]{32}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=42001$/)
  assert.equal((await call('agent/list')).errcode, 0)
})

test('missing and unknown tokens, and repeated wrong secrets, are refused', async (t) => {
  const { sim, pass } = await world(t)
  assert.equal((await getJson(`${sim.origin}/cgi-bin/agent/list`)).errcode, 41001)
  assert.equal((await getJson(`${sim.origin}/cgi-bin/agent/list?access_token=x`)).errcode, 40014)
  const wrong = () => getJson(`${sim.origin}/cgi-bin/gettoken?corpid=${corpId}&corpsecret=no`)
  for (let n = 0; n < 10; n += 1) assert.equal((await wrong()).errcode, 40001)
  assert.equal((await wrong()).errcode, 45009)
  pass(61 * MINUTE)
  assert.equal((await wrong()).errcode, 40001)
})

test('trouble with tokens and calls strikes as it is set', async (t) => {
  const { sim, tokenOf, call } = await world(t)
  const old = await tokenOf()
  const ask = (value: string) => getJson(`${sim.origin}/cgi-bin/agent/list?access_token=${value}`)
  sim.trouble.expireToken = true
  assert.equal((await ask(old)).errcode, 42001)
  const next = await tokenOf()
  assert.equal((await ask(next)).errcode, 0)
  sim.trouble.revokeToken = true
  assert.equal((await ask(next)).errcode, 40014)
  sim.trouble.busy = 2
  assert.deepEqual([(await call('agent/list')).errcode, (await call('agent/list')).errcode], [-1, 0], 'gettoken and the call use the two up')
  sim.trouble.onlyApi = 'agent/list'
  sim.trouble.untrustedIp = 1
  assert.equal((await call('agent/list')).errcode, 60020)
  sim.trouble.rateLimit = true
  assert.equal((await call('agent/list')).errcode, 45009)
  assert.equal((await call('message/send', textMessage('x'))).errcode, 0)
})

test('a dropped answer leaves the call done', async (t) => {
  const { sim, call } = await world(t)
  sim.trouble.onlyApi = 'message/send'
  sim.trouble.dropAnswer = 1
  await assert.rejects(call('message/send', textMessage('到了吗')))
  assert.equal(sim.state.messagesTo('zhangsan').length, 1)
})

test('a code is good once and for five minutes', async (t) => {
  const { sim, call, pass } = await world(t)
  const who = (code: string) => call(`auth/getuserinfo?code=${code}`)
  const code = sim.authorizeCode('zhangsan')
  assert.equal((await who(code))['userid'], 'ZhangSan')
  assert.equal((await who(code)).errcode, 42022)
  assert.equal((await who('never-issued')).errcode, 40029)
  assert.equal((await who('')).errcode, 41008)
  const late = sim.authorizeCode('zhangsan')
  pass(5 * MINUTE)
  assert.equal((await who(late)).errcode, 42003)
  assert.equal((await who(sim.authorizeCode('hidden')))['userid'], 'hidden', 'also outside the visible range')
})

test('details need consent and a fresh ticket', async (t) => {
  const { sim, call, pass } = await world(t)
  const info = await call(`auth/getuserinfo?code=${sim.authorizeCode('zhangsan', { detail: true })}`)
  const user_ticket = info['user_ticket']
  assert.equal((await call('auth/getuserdetail', { user_ticket }))['mobile'], '13800000001')
  assert.equal((await call('auth/getuserdetail', {})).errcode, 84090)
  assert.equal((await call('auth/getuserdetail', { user_ticket: 'x' })).errcode, 84015)
  pass(31 * MINUTE)
  assert.equal((await call('auth/getuserdetail', { user_ticket })).errcode, 84014)
  assert.equal((await call(`auth/getuserinfo?code=${sim.authorizeCode('hidden', { detail: true })}`))['user_ticket'], undefined)
})

test('the authorize page is silent on a phone, asks who elsewhere and keeps to the trusted domain', async (t) => {
  const { sim, call } = await world(t)
  const query = (more: Record<string, string> = {}) => new URLSearchParams({
    appid: corpId, redirect_uri: 'http://localhost:3000/auth/wecom/callback?next=1', response_type: 'code', scope: 'snsapi_base', state: 'abc1', ...more,
  })
  const silent = await onPhone(sim, 'ZhangSan', `/connect/oauth2/authorize?${query()}`)
  assert.equal(silent.status, 302)
  const back = new URL(silent.headers.location ?? '')
  assert.deepEqual([back.origin, back.pathname, back.searchParams.get('next'), back.searchParams.get('state')], [sim.phoneOrigin('zhangsan'), '/auth/wecom/callback', '1', 'abc1'])
  assert.equal((await call(`auth/getuserinfo?code=${back.searchParams.get('code')}`))['userid'], 'ZhangSan')

  const picker = await fetch(`${sim.origin}/connect/oauth2/authorize?${query()}`)
  assert.match(await picker.text(), /张三[\s\S]*李四/)
  const chosen = await fetch(`${sim.origin}/connect/oauth2/authorize?${query({ as: 'lisi' })}`, { redirect: 'manual' })
  assert.match(chosen.headers.get('location') ?? '', /^http:\/\/localhost:3000\/auth\/wecom\/callback\?next=1&code=[\w-]+&state=abc1$/)

  const wrongs: Record<string, string>[] = [{ redirect_uri: 'http://localhost:3001/x' }, { redirect_uri: 'http://evil.localhost:3000/' }, { appid: 'ww0' }, { state: 'a-b' }, { scope: 'x' }]
  for (const wrong of wrongs) {
    assert.equal((await fetch(`${sim.origin}/connect/oauth2/authorize?${query(wrong)}`)).status, 400, JSON.stringify(wrong))
  }
})

test('reading private fields asks on the phone once in thirty days', async (t) => {
  const { sim, pass } = await world(t)
  const path = `/connect/oauth2/authorize?${new URLSearchParams({ appid: corpId, redirect_uri: 'http://localhost:3000/', response_type: 'code', scope: 'snsapi_privateinfo', agentid: '1000002' })}`
  assert.match((await onPhone(sim, 'ZhangSan', path)).text, /允许/)
  assert.equal((await onPhone(sim, 'ZhangSan', `${path}&agreed=1`)).status, 302)
  assert.equal((await onPhone(sim, 'ZhangSan', path)).status, 302)
  pass(31 * 24 * 60 * MINUTE)
  assert.equal((await onPhone(sim, 'ZhangSan', path)).status, 200)
  assert.equal((await onPhone(sim, 'hidden', path)).status, 400)
})

test('the PC login page names wrong parameters and refuses people outside the range', async (t) => {
  const { sim, call } = await world(t)
  const open = (more: Record<string, string> = {}) => fetch(`${sim.origin}/wwlogin/sso/login?${new URLSearchParams({
    login_type: 'CorpApp', appid: corpId, agentid: '1000002', redirect_uri: 'http://localhost:3000/auth/wecom/callback', state: 's', ...more,
  })}`, { redirect: 'manual' })
  assert.match(await (await open()).text(), /<svg[\s\S]*谁用手机扫这个码/)
  for (const [more, code] of [[{ login_type: 'x' }, '-31040'], [{ appid: 'x' }, '-31027'], [{ agentid: '1' }, '-31028'], [{ redirect_uri: '' }, '-31035'], [{ redirect_uri: 'http://a.b/' }, '-31039']] as const) {
    assert.match(await (await open(more)).text(), new RegExp(code))
  }
  assert.equal((await open({ as: 'hidden' })).status, 400)
  const code = new URL((await open({ as: 'lisi' })).headers.get('location') ?? '').searchParams.get('code')
  assert.equal((await call(`auth/getuserinfo?code=${code}`))['userid'], 'lisi')
})

test('openids go there and back', async (t) => {
  const { call } = await world(t)
  const { openid } = await call('user/convert_to_openid', { userid: 'zhangsan' })
  assert.equal((await call('user/convert_to_userid', { openid }))['userid'], 'ZhangSan')
  assert.equal((await call('user/convert_to_userid', { openid: 'x' })).errcode, 40073)
  assert.equal((await call('user/convert_to_openid', { userid: 'nobody' })).errcode, 60111)
})
