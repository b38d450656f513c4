import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, getJson, listen, world, type World } from './support.ts'

const newcomer = { userid: 'Zhao-6', name: '赵六', mobile: '+8613800000006', department: [2], position: '科员' }

test('who may do what: app and contacts-sync assistant', async (t) => {
  const { call } = await world(t)
  /** path, body, code for the app, code for the assistant */
  const matrix: [string, unknown, number, number][] = [
    ['user/get?userid=lisi', undefined, 0, 48009],
    ['user/list?department_id=2', undefined, 0, 48009],
    ['user/simplelist?department_id=2', undefined, 0, 48009],
    ['user/getuserid', { mobile: '13800000002' }, 0, 48009],
    ['user/list_id', { limit: 10 }, 48002, 0],
    ['department/list', undefined, 0, 48009],
    ['department/get?id=2', undefined, 0, 48009],
    ['department/simplelist', undefined, 0, 0],
    ['department/create', { name: '图书馆', parentid: 1, id: 9 }, 48002, 0],
    ['department/update', { id: 9, name: '图书馆（新）' }, 48002, 0],
    ['department/delete?id=9', undefined, 48002, 0],
    ['user/create', newcomer, 48002, 0],
    ['user/update', { userid: 'zhao-6', name: '赵六六' }, 48002, 0],
    ['user/delete?userid=zhao-6', undefined, 48002, 0],
    ['corp/get_join_qrcode?size_type=2', undefined, 48002, 0],
    ['message/send', { touser: 'lisi', msgtype: 'text', agentid: 1000002, text: { content: 'x' } }, 0, 48002],
    ['agent/list', undefined, 0, 48002],
    ['menu/delete?agentid=1000002', undefined, 0, 48002],
    ['get_jsapi_ticket', undefined, 0, 48002],
  ]
  for (const [path, body, app, contacts] of matrix) {
    assert.deepEqual([(await call(path, body)).errcode, (await call(path, body, 'contacts')).errcode], [app, contacts], path)
  }
})

test('an app reads names and positions, never mobiles and mails, and nobody outside its range', async (t) => {
  const { call } = await world(t)
  const member = await call('user/get?userid=ZHANGSAN')
  assert.deepEqual([member['userid'], member['name'], member['position'], member['status']], ['ZhangSan', '张三', '科员', 1])
  for (const hidden of ['mobile', 'email', 'avatar', 'gender', 'biz_mail', 'address', 'qr_code']) assert.equal(hidden in member, false, hidden)
  assert.equal((await call('user/get?userid=hidden')).errcode, 60011)
  assert.equal((await call('user/get?userid=nobody')).errcode, 60111)
  assert.equal(JSON.stringify((await call('user/simplelist?department_id=2'))['userlist']), JSON.stringify([{ userid: 'lisi', name: '李四', department: [2], open_userid: '' }]), 'direct members in range only')
  assert.equal((await call('user/getuserid', { mobile: '13800000003' })).errcode, 46004)
})

async function create(w: World, more: Record<string, unknown>): Promise<number> {
  return (await w.call('user/create', { ...newcomer, ...more }, 'contacts')).errcode
}

test('a member is created only with what the platform takes', async (t) => {
  const w = await world(t)
  const cases: [Record<string, unknown>, number][] = [
    [{ userid: '' }, 41009], [{ userid: '-x' }, 40003], [{ userid: 'x'.repeat(65) }, 40003], [{ userid: 'ZHANGSAN' }, 60102],
    [{ name: ' ' }, 60112], [{ name: '长'.repeat(65) }, 60112], [{ mobile: undefined }, 60129], [{ mobile: '123a' }, 60103],
    [{ mobile: '13800000001' }, 60104], [{ mobile: '+8613800000001' }, 60104], [{ email: 'a@b' }, 60105], [{ email: 'ZHANG@example.com' }, 60106],
    [{ department: Array.from({ length: 21 }, (_, i) => i + 1) }, 60110], [{ department: [-1] }, 60123], [{ order: [1, 2] }, 40058],
    [{ is_leader_in_dept: [0, 1] }, 60132], [{ main_department: 3 }, 40058], [{ direct_leader: ['lisi', 'zhangsan'] }, 60257],
    [{ position: '长'.repeat(129) }, 40058], [{ gender: '3' }, 40058], [{ name: 5 }, 40058], [{}, 0],
  ]
  for (const [more, errcode] of cases) assert.equal(await create(w, more), errcode, JSON.stringify(more).slice(0, 60))
  assert.equal(w.sim.state.member('zhao-6')?.status, 4, 'not active until he joins')
})

test('a department that is not there is made under 其他（待设置部门） and told', async (t) => {
  const { call, sim } = await world(t)
  const answer = await call('user/create', { ...newcomer, department: [77] }, 'contacts')
  assert.equal(answer.errmsg, 'created')
  assert.match(JSON.stringify(answer['created_department_list']), /"id":77/)
  assert.deepEqual(sim.state.member('zhao-6')?.department, [77])
})

test('an update leaves the mobile of an active member as it is', async (t) => {
  const { call, sim } = await world(t)
  const answer = await call('user/update', { userid: 'lisi', name: '李四四', mobile: '13900000000', department: [3] }, 'contacts')
  assert.equal(answer.errmsg, 'updated')
  const { name, mobile, department } = sim.state.member('lisi') ?? {}
  assert.deepEqual([name, mobile, department], ['李四四', '13800000002', [3]])
  assert.equal((await call('user/update', { userid: 'nobody', name: 'x' }, 'contacts')).errcode, 60111)
  assert.equal((await call('user/update', { userid: 'lisi', new_userid: 'l4' }, 'contacts')).errcode, 301036)
})

test('ids are listed by cursor', async (t) => {
  const { call } = await world(t)
  const first = await call('user/list_id', { limit: 2 }, 'contacts')
  assert.equal(JSON.stringify(first['dept_user']), JSON.stringify([{ userid: 'ZhangSan', department: 3 }, { userid: 'lisi', department: 2 }]))
  const rest = await call('user/list_id', { limit: 2, cursor: first['next_cursor'] }, 'contacts')
  assert.deepEqual([JSON.stringify(rest['dept_user']), rest['next_cursor']], [JSON.stringify([{ userid: 'hidden', department: 2 }]), ''])
  assert.equal((await call('user/list_id', { limit: 10_001 }, 'contacts')).errcode, 40058)
})

test('departments keep their tree', async (t) => {
  const { call } = await world(t)
  const make = async (body: unknown) => (await call('department/create', body, 'contacts')).errcode
  const cases: [unknown, number][] = [
    [{ name: '', parentid: 1 }, 60001], [{ name: 'a:b', parentid: 1 }, 60009], [{ name: '处', parentid: 66 }, 60004], [{ name: '处' }, 60124],
    [{ name: '教务处', parentid: 1 }, 60008], [{ name: '处', parentid: 1, id: 1 }, 60123], [{ parentid: 1 }, 60127], [{ name: '处', parentid: 1, id: 8 }, 0],
  ]
  for (const [body, errcode] of cases) assert.equal(await make(body), errcode, JSON.stringify(body))
  const remove = async (id: number) => (await call(`department/delete?id=${id}`, undefined, 'contacts')).errcode
  assert.deepEqual([await remove(1), await remove(2), await remove(3), await remove(99), await remove(8)], [60007, 60006, 60005, 60003, 0])
  assert.equal((await call('department/update', { id: 2, parentid: 3 }, 'contacts')).errcode, 60010)
  assert.equal(JSON.stringify((await call('department/simplelist?id=2'))['department_id']), JSON.stringify([{ id: 2, parentid: 1, order: 0 }, { id: 3, parentid: 2, order: 0 }]))
})

test('the join code works for seven days and tells the app who came', async (t) => {
  const heard: string[] = []
  const callbackUrl = await listen(t, (_request, response, body) => {
    heard.push(body)
    response.end()
  })
  const { call, sim, pass } = await world(t, { callbackUrl })
  await call('user/create', newcomer, 'contacts')
  const url = String((await call('corp/get_join_qrcode?size_type=2', undefined, 'contacts'))['join_qrcode'])
  assert.equal((await fetch(url)).headers.get('content-type'), 'image/png')
  const page = url.replace(/\/qr\.png.*$/, '')
  assert.match(await (await fetch(page)).text(), /赵六/)
  await fetch(`${page}?as=Zhao-6`)
  await sim.waitIdle()
  assert.equal(sim.state.member('zhao-6')?.status, 1)
  assert.deepEqual(sim.state.callbacks.map(({ event, userid, state }) => [event, userid, state]), [['subscribe', 'Zhao-6', 'delivered']])
  assert.equal(heard.length, 1)
  pass(7 * 24 * 3600_000)
  assert.equal((await fetch(page)).status, 400)
})

test('limits that the platform tells are kept: accounts, members of a department, deletions where a test sets them', async (t) => {
  const w = await world(t, { limits: { accounts: 4, membersPerDepartment: 2, deletionsPerHour: 1 } })
  assert.equal(await create(w, { department: [2] }), 81001)
  assert.equal(await create(w, { department: [3] }), 0)
  assert.equal(await create(w, { userid: 'sun7', mobile: '13800000007', department: [3] }), 45024)
  const remove = async (userid: string) => (await w.call(`user/delete?userid=${userid}`, undefined, 'contacts')).errcode
  assert.deepEqual([await remove('zhao-6'), await remove('lisi')], [0, 45026])
  w.pass(3600_000)
  assert.equal((await w.call('user/batchdelete', { useridlist: ['lisi', 'hidden'] }, 'contacts')).errcode, 45026)
  assert.equal((await w.call('user/batchdelete', { useridlist: ['nobody'] }, 'contacts')).errcode, 40031)
})

test('more calls of an interface than its minute allows close it for a minute, and no other', async (t) => {
  const { sim, tokenOf, pass } = await world(t, { limits: { callsPerMinute: 3, callsPerHour: 5 } })
  const token = await tokenOf()
  const ask = async (path: string) => (await getJson(`${sim.origin}/cgi-bin/${path}access_token=${token}`)).errcode
  const list = () => ask('department/list?')
  assert.deepEqual([await list(), await list(), await list(), await list()], [0, 0, 0, 45009])
  assert.equal(await ask('user/get?userid=lisi&'), 0)
  pass(59_000)
  assert.equal(await list(), 45009)
  pass(2000)
  assert.deepEqual([await list(), await list(), await list()], [0, 0, 45009], 'the hour has five')
  pass(120_000)
  assert.equal(await list(), 45009, 'an hour is not over')
  pass(3600_000)
  assert.equal(await list(), 0)
})

test('looking for phones that nobody has closes the interface for a day', async (t) => {
  const { call, pass } = await world(t, { limits: { accounts: 10 } })
  const miss = async () => (await call('user/getuserid', { mobile: '13811111111' })).errcode
  assert.deepEqual([await miss(), await miss(), await miss(), await miss()], [46004, 46004, 46004, 45009])
  assert.equal((await call('user/getuserid', { mobile: '13800000001' })).errcode, 45009)
  pass(25 * 3600_000)
  assert.equal((await call('user/getuserid', { mobile: '13800000001' })).errcode, 0)
})

test('a userid that the platform made up may be changed once', async (t) => {
  const { call, sim } = await world(t, {
    members: [{ userid: 'made-up', name: '张三', department: [3], generated: true }, { userid: 'lisi', name: '李四', department: [2] }],
  })
  const rename = async (userid: string, new_userid: string) => (await call('user/update', { userid, new_userid }, 'contacts')).errcode
  assert.deepEqual([await rename('made-up', 'lisi'), await rename('made-up', '-x'), await rename('made-up', 'zhangsan'), await rename('zhangsan', 'again')], [60102, 40003, 0, 301036])
  assert.equal(sim.state.member('ZhangSan')?.name, '张三')
  assert.equal(sim.state.member('made-up'), undefined)
})

test('disabling is heard by the app as leaving its range, enabling as coming back, and who never joined stays inactive', async (t) => {
  const heard: string[] = []
  const callbackUrl = await listen(t, (_request, response, body) => {
    heard.push(body)
    response.end()
  })
  const { call, sim } = await world(t, { callbackUrl })
  const enable = (userid: string, flag: 0 | 1) => call('user/update', { userid, enable: flag }, 'contacts')
  await call('user/create', newcomer, 'contacts')
  for (const userid of ['lisi', 'zhao-6']) {
    await enable(userid, 0)
    await enable(userid, 1)
  }
  await sim.waitIdle()
  assert.deepEqual([sim.state.member('lisi')?.status, sim.state.member('zhao-6')?.status], [1, 4])
  assert.deepEqual(sim.state.callbacks.map(({ event, userid }) => [event, userid]), [['unsubscribe', 'lisi'], ['subscribe', 'lisi']])
  assert.equal(heard.length, 2)
})

test("an administrator's changes reach the contacts callback, those of contact sync do not", async (t) => {
  const contactsCallbackUrl = await listen(t, (_request, response) => void response.end())
  const { call, sim } = await world(t, { contactsToken: 'contactsToken', contactsEncodingAesKey: 'c'.repeat(43), contactsCallbackUrl })
  await call('user/create', newcomer, 'contacts')
  await call('department/create', { name: '图书馆', parentid: 1, id: 9 }, 'contacts')
  await sim.admin.updateMember('lisi', { name: '李四四' })
  await sim.admin.updateMember('lisi', { department: [3] })
  await sim.admin.updateDepartment(9, { name: '档案馆' })
  await sim.admin.removeDepartment(9)
  await sim.waitIdle()
  const told = sim.state.callbacks.filter((one) => one.channel === 'contacts').map(({ xml }) => [field(xml, 'ChangeType'), field(xml, 'UserID') || field(xml, 'Id'), field(xml, 'Name')])
  assert.deepEqual(told, [['update_user', 'lisi', ''], ['update_party', '9', '档案馆'], ['delete_party', '9', '']], 'neither names of members nor what sync wrote')
})

test('a tree has fifteen levels, and no branch is hung where it would have more', async (t) => {
  const { call } = await world(t)
  const make = async (id: number, parentid: number) => (await call('department/create', { name: `第${id}级`, parentid, id }, 'contacts')).errcode
  for (let level = 2; level <= 15; level += 1) assert.equal(await make(100 + level, level === 2 ? 1 : 99 + level), 0)
  assert.equal(await make(116, 115), 81002)
  assert.equal(await make(200, 1), 0)
  assert.equal(await make(201, 200), 0)
  assert.equal((await call('department/update', { id: 200, parentid: 114 }, 'contacts')).errcode, 81002)
  assert.equal((await call('department/update', { id: 200, parentid: 113 }, 'contacts')).errcode, 0)
})
