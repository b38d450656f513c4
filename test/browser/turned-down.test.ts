import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { look } from './look.ts'
import { agreeOnCard, answers, cardOf, decide, fillForm, openCard, openFromMenu, openHall, overCardOf, sendForm } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()

for (const [index, width] of widths.entries()) {
  test(`at ${width} px an application is rejected with a reason, or returned, corrected and sent again`, async t => {
    const step = stepsOf(t)
    const { student: refused, classmate: returned, tutor } = await cast(stage.app, index * 2)
    const phones = await stage.phones(t, width, [refused, returned, tutor])
    const see = (name: string) => look(phones.page, `手机 ${name}`, '应用内浏览器')

    await step('two students apply', async () => {
      for (const student of [refused, returned]) {
        const web = await openHall(await phones.of(student))
        await web.getByRole('link', { name: '在读证明' }).first().click()
        await fillForm(web, { ...answers, remark: '七月出发' })
        await sendForm(web)
      }
    })

    await step('the tutor cannot reject without a reason', async () => {
      const his = await phones.of(tutor)
      const web = await openCard(his, refused.name)
      await web.getByRole('button', { name: '驳回', exact: true }).click()
      await web.getByText('驳回和退回时必须写明理由').first().waitFor()
      await web.getByRole('textbox', { name: '审批意见' }).and(web.locator('[aria-invalid=true]')).waitFor()
      await see(tutor.name)
    })

    await step('with a reason the application is over, and the student reads why', async () => {
      const { web } = await phones.of(tutor)
      await decide(web, '驳回', '已经休学，不能开具')
      await web.getByText('已经休学，不能开具').first().waitFor()
      const hers = await phones.of(refused)
      await hers.conversation()
      await hers.frame.getByRole('button', { name: '在读证明已被驳回' }).click()
      await hers.web.getByText('已经休学，不能开具').first().waitFor()
      await hers.web.getByRole('button', { name: '复制为新申请' }).waitFor()
      await see(refused.name)
    })

    await step('the card of a rejected application has no button left', async () => {
      const his = await phones.of(tutor)
      await his.conversation()
      await overCardOf(his, refused.name).getByText(`${tutor.name} 已驳回`).first().waitFor()
      assert.equal(await overCardOf(his, refused.name).getByRole('button', { name: '同意', exact: true }).count(), 0)
    })

    await step('the tutor returns the other one, saying what to change', async () => {
      const web = await openCard(await phones.of(tutor), returned.name)
      await decide(web, '退回申请人修改', '请写明签证中心的名称')
      await see(tutor.name)
    })

    await step('the student corrects it and sends it again', async () => {
      const hers = await phones.of(returned)
      await hers.conversation()
      await hers.frame.getByRole('button', { name: '在读证明已退回，请修改后重新提交' }).click()
      const { web } = hers
      await web.getByText('请写明签证中心的名称').first().waitFor()
      await web.getByRole('link', { name: '修改并重新提交' }).click()
      await web.getByText('改好后重新提交').waitFor()
      assert.equal(await web.getByLabel('接收邮箱').inputValue(), answers.mailbox)
      await see(returned.name)
      await web.getByLabel('备注').fill('法国签证中心')
      await web.getByRole('button', { name: '重新提交', exact: true }).click()
      await web.getByText('这是第 2 次提交，修改了：备注').waitFor()
      await see(returned.name)
    })

    await step('the tutor gets a new card, sees what changed, and agrees', async () => {
      const his = await phones.of(tutor)
      await his.conversation()
      await overCardOf(his, returned.name).waitFor()
      await cardOf(his, returned.name).waitFor()
      await agreeOnCard(his, returned.name, tutor.name)
      const web = await openFromMenu(his, '我收到的')
      await see(tutor.name)
      await web.getByRole('link', { name: '已办' }).click()
      await web.getByText(refused.name).first().waitFor()
      await see(tutor.name)
    })
  })
}
