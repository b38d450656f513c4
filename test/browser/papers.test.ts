import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { look } from './look.ts'
import { signInFirst } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()

for (const [which, width] of widths.entries()) {
  test(`at ${width} px a student has a certificate without an approval: chosen, looked at, a line reported, sealed`, async t => {
    const step = stepsOf(t)
    const { student } = await cast(stage.app, which)
    const page = await stage.desk(t, width)
    await page.goto('/login?to=/')
    await signInFirst(page, student.number)

    await step('the hall leads to the kinds', async () => {
      await page.goto('/?q=电子证明')
      await page.locator('#found').getByRole('link', { name: '电子证明' }).first().click()
      await page.getByRole('heading', { level: 1, name: '电子证明' }).waitFor()
      await look(page)
      await page.getByRole('radio', { name: '中文在读证明', exact: false }).first().check()
      await page.getByRole('button', { name: '生成预览图' }).click()
    })

    await step('the picture is there, and larger at a tap', async () => {
      const picture = page.getByRole('img', { name: '中文在读证明的预览图' })
      await picture.waitFor()
      await page.waitForFunction(() => {
        const image = document.querySelector('.preview img')
        return image instanceof HTMLImageElement && image.complete && image.naturalWidth > 1000
      })
      await look(page)
      const before = (await picture.boundingBox())?.width ?? 0
      const enlarge = page.getByRole('button', { name: '放大预览图' })
      await enlarge.click()
      assert.ok(((await picture.boundingBox())?.width ?? 0) > before * 2)
      await enlarge.click()
      assert.equal((await picture.boundingBox())?.width, before)
    })

    await step('where drawing fails it says so, and tries again at a press', async () => {
      await page.route('**/preview.jpg*', route => route.fulfill({ status: 404, body: '' }))
      await page.reload()
      await page.getByText('预览图没有生成').waitFor()
      await page.unroute('**/preview.jpg*')
      await page.getByRole('button', { name: '再试一次' }).click()
      await page.getByText('预览图没有生成').waitFor({ state: 'detached' })
    })

    await step('a line is reported', async () => {
      await page.getByRole('link', { name: '这里有错' }).click()
      await page.getByRole('radio', { name: '班级' }).check()
      await look(page)
      await page.getByLabel('哪里不对，应该是什么').fill('去年转到了另一个班')
      await page.getByRole('button', { name: '告诉教务' }).click()
      await page.getByText('核对中').waitFor()
    })

    await step('it goes where it should, only what belongs to the way is asked, and it is sealed', async () => {
      await page.getByRole('link', { name: '没有错误，继续' }).click()
      await page.getByRole('radio', { name: '别人的邮箱' }).check()
      await page.getByLabel('收件的单位或人').waitFor()
      assert.ok(await page.getByLabel('自己的邮箱', { exact: true }).last().isHidden())
      await look(page)
      await page.getByRole('radio', { name: '自己的邮箱' }).check()
      await page.locator('#f-mailbox').fill('reader@example.com')
      await page.getByRole('button', { name: '确认并签章' }).click()
      await page.getByRole('heading', { level: 1, name: '中文在读证明' }).waitFor()
      await stage.drain()
      await page.getByRole('link', { name: '下载文件' }).waitFor()
      await look(page)
    })
  })
}
