import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receivePicture } from '../../src/features/hall/pictures.ts'
import { PNG, startCampus } from '../services/campus.ts'
import { startClamd } from '../support/clamd.ts'
import { cast } from '../support/people.ts'

test('a picture for everybody is looked at for viruses before it is kept', async t => {
  const clamd = await startClamd()
  t.after(() => clamd.stop())
  const campus = await startCampus(t, { env: { CLAMD_URL: clamd.url } })
  const admin = await campus.phone((await cast(campus.app)).admin.userid)
  const add = async (title: string) => admin.submit(await admin.get('/admin/slides/new'), '/admin/slides', { title, link: '/services', audience: 'all', file: PNG })

  await t.test('a clean one is taken', async () => {
    assert.ok((await add('干净的')).has('图片已添加'))
  })

  await t.test('while the scanner is away none is, and what was typed stays', async () => {
    await clamd.kill()
    const back = await add('没有检查')
    assert.ok(back.status === 422 && back.has('现在检查不了病毒，图片没有保存。请过几分钟再传') && back.value('title') === '没有检查')
    await clamd.restart()
    assert.ok(!(await admin.get('/')).has('没有检查'))
  })

  await t.test('what the scanner refuses is not put into the store', async () => {
    const files = { put: async () => assert.fail('kept') }
    const upload = { filename: 'a.png', mimetype: 'image/png', data: PNG.content, truncated: false }
    for (const verdict of [{ word: 'infected', virus: 'x' }, { word: 'unscannable', why: 'x' }] as const) {
      assert.deepEqual(await receivePicture({ files, scanner: { scan: async () => verdict } }, upload), { fault: '图片没有通过病毒检查，没有保存。请用杀毒软件检查你的电脑' })
    }
  })
})
