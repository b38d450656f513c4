import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { startStage, stepsOf } from './stage.ts'
import { signInFirst } from './scenes.ts'

const stage = await startStage(undefined, { serviceFiles: join(import.meta.dirname, '../services/catalogue') })
const picture = { name: '海报.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') }

test('with script a form answers while one fills it in, and nothing typed is lost', async t => {
  const step = stepsOf(t)
  const { student } = await cast(stage.app)
  const page = await stage.desk(t, 390)
  const part = (key: string) => page.locator(`#part-${key}`)

  await step('the student opens it; what is not asked is not there', async () => {
    await page.goto('/services/every-field/apply')
    await signInFirst(page, student.number)
    await page.goto('/services/every-field/apply')
    for (const key of ['kind_other', 'insurance', 'place']) await part(key).waitFor({ state: 'hidden' })
  })

  await step('a choice brings its question at once', async () => {
    await page.getByRole('radio', { name: '其他' }).check()
    await part('kind_other').waitFor({ state: 'visible' })
    await page.getByRole('radio', { name: '外出' }).check()
    await part('kind_other').waitFor({ state: 'hidden' })
  })

  await step('the server counts, and asks by what it counted', async () => {
    await page.fill('[name="period.from"]', '2026-12-01')
    await page.fill('[name="period.to"]', '2026-12-05')
    await page.locator('[data-live=days]').filter({ hasText: '5 天' }).waitFor()
    await part('insurance').waitFor({ state: 'visible' })
  })

  await step('rows come and go without the page', async () => {
    await page.fill('[name=title]', '还在')
    await page.fill('[name="items.0.name"]', '车票')
    await page.getByRole('button', { name: '添加一行' }).click()
    await page.fill('[name="items.1.name"]', '水')
    await page.getByRole('button', { name: '删除第 1 行' }).click()
    await page.locator('[name="items.1.name"]').waitFor({ state: 'detached' })
    assert.deepEqual([await page.inputValue('[name="items.0.name"]'), await page.inputValue('[name=title]')], ['水', '还在'])
  })

  await step('a person is found with the Enter key', async () => {
    await page.fill('[name="teacher.q"]', 'limin')
    await page.press('[name="teacher.q"]', 'Enter')
    await part('teacher').getByRole('radio', { name: '李敏' }).check()
  })

  await step('a place is chosen level by level', async () => {
    await page.getByRole('checkbox', { name: '场地' }).check()
    const lists = part('place').locator('select:visible')
    await lists.nth(0).selectOption('north')
    await lists.nth(1).selectOption('library')
    await lists.nth(2).selectOption('r305')
    assert.equal(await page.inputValue('[name=place]'), 'north/library/r305')
  })

  await step('a picture is uploaded as soon as it is chosen, and shown', async () => {
    await page.setInputFiles('[name=poster]', picture)
    await part('poster').getByRole('link', { name: '海报.png' }).waitFor()
    assert.ok(await part('poster').locator('img').evaluate(image => image instanceof HTMLImageElement && image.decode().then(() => image.naturalWidth === 1)))
  })

  await step('a signature is drawn and kept as a picture', async () => {
    const pad = part('signature').locator('canvas')
    await pad.evaluate(element => element.scrollIntoView({ block: 'center', behavior: 'instant' }))
    const box = await pad.boundingBox() ?? assert.fail('no pad')
    await page.mouse.move(box.x + 40, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + 160, box.y + 80, { steps: 4 })
    await page.mouse.up()
    await page.getByRole('button', { name: '完成签名' }).click()
    await part('signature').getByRole('img', { name: '已手写签名' }).waitFor()
  })

  await step('the page left and opened again holds all of it', async () => {
    await page.goto('/services/every-field/apply')
    assert.deepEqual([await page.inputValue('[name=title]'), await page.inputValue('[name=place]'), await part('teacher').getByRole('radio').isChecked()], ['还在', 'north/library/r305', true])
    await part('signature').getByRole('img', { name: '已手写签名' }).waitFor()
  })
})
