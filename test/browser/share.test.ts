import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { issue } from './issued.ts'
import { look } from './look.ts'
import { signInFirst } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()

for (const [which, width] of widths.entries()) {
  test(`at ${width} px a student shares a document with a passcode, a stranger opens it, and the student ends it`, async t => {
    const { student, number, file } = await issue(stage, which)
    const step = stepsOf(t)
    const [owner, stranger] = [await stage.desk(t, width), await stage.desk(t, width)]
    let [link, passcode] = ['', '']

    await step('the student says until when, how often and for whom', async () => {
      await owner.goto('/login?to=/documents')
      await signInFirst(owner, student.number)
      await owner.getByRole('link', { name: '中文在读证明' }).first().click()
      await owner.getByRole('link', { name: '分享链接' }).click()
      await owner.getByText('还没有分享过').waitFor()
      await look(owner)
      await owner.getByRole('link', { name: '新开一个' }).click()
      await owner.getByLabel('最多打开几次').fill('很多')
      await owner.getByLabel('收件人').fill('某某单位人事处')
      await owner.getByRole('button', { name: '开通分享' }).click()
      await owner.getByText('次数请填 1 到 100 的整数').waitFor()
      await look(owner)
      await owner.getByLabel('最多打开几次').fill('1')
      await owner.getByLabel('对方的邮箱').fill('hr@example.com')
      await owner.getByLabel('我同意学校把链接寄给这个人').check()
      await owner.getByRole('button', { name: '开通分享' }).click()
      await owner.getByText('已开通，链接正在寄给对方').waitFor()
      await owner.getByRole('img', { name: '分享链接的二维码' }).waitFor()
      link = await owner.locator('.code').first().innerText()
      passcode = await owner.locator('.code-large').innerText()
      await look(owner)
    })

    await step('the stranger needs the passcode, then sees and downloads it', async () => {
      await stranger.goto(link)
      await look(stranger)
      assert.equal(await stranger.getByText(number).count(), 0)
      await stranger.getByLabel('口令').fill(passcode === '000000' ? '111111' : '000000')
      await stranger.getByRole('button', { name: '查看文件' }).click()
      await stranger.getByText('口令不对').waitFor()
      await look(stranger)
      await stranger.getByLabel('口令').fill(passcode.toLowerCase())
      await stranger.getByRole('button', { name: '查看文件' }).click()
      await stranger.getByText('真实有效').waitFor()
      await stranger.getByText(number).waitFor()
      await look(stranger)
      const [download] = await Promise.all([stranger.waitForEvent('download'), stranger.getByRole('link', { name: '下载文件' }).click()])
      assert.ok((await readFile(await download.path())).equals(file))
    })

    await step('its owner sees that, and ends it at once', async () => {
      await owner.reload()
      await owner.getByText('有人下载了文件').waitFor()
      await owner.getByText('次数已用完').waitFor()
      await owner.getByRole('button', { name: '结束分享' }).click()
      await owner.getByText('已结束，打开链接的人什么也看不到了').waitFor()
      await look(owner)
      await stranger.reload()
      await stranger.getByRole('heading', { name: '这个链接不能用了' }).first().waitFor()
      await look(stranger)
    })
  })
}
