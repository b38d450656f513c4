import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCampus } from '../services/campus.ts'
import type { Client, Page } from '../support/client.ts'
import { servicesBeside } from './many-services.ts'

test('a reader keeps a shelf of favourites', async t => {
  const campus = await startCampus(t, { serviceFiles: servicesBeside(t, [{ key: 'a-card', title: '校园卡补办' }, { key: 'b-room', title: '宿舍调整' }, { key: 'c-net', title: '上网账号' }]) })
  const shelf = (page: Page) => page.root.querySelectorAll('.list .cell-title').map(each => each.text)
  const star = async (client: Client, key: string) => client.submit(await client.get(`/services/${key}`), '/favourites', { key })

  await t.test('the star of a service puts it on the first page, in the order in which they were set', async () => {
    const { client } = await campus.student()
    assert.equal((await client.get('/favourites')).text.includes('还没有收藏'), true)
    const page = await star(client, 'b-room')
    assert.ok(page.path === '/services/b-room' && page.has('已收藏“宿舍调整”') && page.has('已收藏'))
    await star(client, 'a-card')
    const tiles = (await client.get('/')).root.querySelectorAll('#mine ul[aria-label="我的收藏"] .grid-word').map(each => each.text)
    assert.deepEqual(tiles, ['宿舍调整', '校园卡补办'])
  })

  await t.test('a star in the list is set and taken off, and one comes back to the same list', async () => {
    const { client } = await campus.student()
    const list = '/services?category=%E5%AD%A6%E7%B1%8D%E4%B8%8E%E8%AF%81%E6%98%8E'
    const page = await client.get(list)
    const back = await client.submit(page, '/favourites', { key: 'c-net' })
    assert.equal(decodeURIComponent(back.path), decodeURIComponent(list))
    const button = back.root.querySelector('.star[value="c-net"]')
    assert.deepEqual([button?.getAttribute('aria-pressed'), button?.getAttribute('formaction')], ['true', '/favourites/removal'])
  })

  await t.test('they are put in order, and what was taken off comes back to its place', async () => {
    const { client } = await campus.student()
    for (const key of ['a-card', 'b-room', 'c-net']) await star(client, key)
    const moved = await client.submit(await client.get('/favourites'), '/favourites/place', { up: 'c-net' })
    assert.deepEqual(shelf(moved), ['校园卡补办', '上网账号', '宿舍调整'])
    const without = await client.post('/favourites/removal', { _csrf: moved.value('_csrf'), from: moved.value('from'), key: 'c-net' })
    assert.deepEqual(shelf(without), ['校园卡补办', '宿舍调整'])
    assert.ok(without.has('已取消收藏“上网账号”'))
    const undone = await client.submit(without, '/favourites')
    assert.deepEqual(shelf(undone), ['校园卡补办', '上网账号', '宿舍调整'])
    assert.equal(undone.path, '/favourites')
  })

  await t.test('setting a star twice, from two devices at once, is one star', async () => {
    const { client, name } = await campus.student()
    const other = await campus.as(name)
    const [one, two] = [await client.get('/services/a-card'), await other.get('/services/a-card')]
    await Promise.all([client.submit(one, '/favourites', { key: 'a-card' }), other.submit(two, '/favourites', { key: 'b-room' }), client.submit(one, '/favourites', { key: 'a-card' })])
    assert.deepEqual(shelf(await client.get('/favourites')).toSorted(), ['宿舍调整', '校园卡补办'].toSorted())
  })

  await t.test('what is no service is refused, and one is led nowhere else', async () => {
    const { client } = await campus.student()
    const page = await client.get('/services/a-card')
    assert.equal((await client.submit(page, '/favourites', { key: 'nothing' })).status, 404)
    for (const from of ['https://evil.example/', '//evil.example', '/\\evil.example', '']) {
      const { path } = await client.submit(page, '/favourites', { key: 'a-card', from })
      assert.equal(path, '/')
    }
  })

  await t.test('my data says which they are', async () => {
    const { client } = await campus.student()
    await star(client, 'b-room')
    const data = await client.get('/account/data')
    assert.ok(data.has('收藏的服务') && data.has('宿舍调整'))
  })
})
