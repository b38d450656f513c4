import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { answers, fillForm, signInFirst } from './scenes.ts'
import { startStage, widths } from './stage.ts'

const stage = await startStage()

for (const [index, width] of widths.entries()) {
  test(`at ${width} px the fold 谁来审批 is filled without leaving the form, and follows what is typed`, async t => {
    const { student, classmate } = await cast(stage.app)
    const page = await stage.desk(t, width)
    await page.goto('/services/enrolment-certificate')
    await signInFirst(page, [student, classmate][index]?.number ?? '')
    await fillForm(page, { ...answers, mailbox: '' })
    const fold = page.locator('details', { hasText: '谁来审批' })
    await fold.locator('summary').click()
    await fold.getByText('申请人的辅导员').waitFor()
    await fold.getByText('还有没填好的内容').waitFor()
    await page.getByLabel('接收邮箱').fill(answers.mailbox)
    await fold.getByText('提交时以实际为准').waitFor()
    assert.equal(new URL(page.url()).pathname, '/services/enrolment-certificate/apply')
    assert.equal(await page.getByLabel('接收邮箱').inputValue(), answers.mailbox)
  })
}
