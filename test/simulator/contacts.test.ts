import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listen, world, type World } from './support.ts'

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
