import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { answers, decide, fillForm, sendForm, signInFirst } from './scenes.ts'
import { startStage, stepsOf } from './stage.ts'

const stage = await startStage()
const format = { name: '格式要求.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') }

test('a browser without script signs in, searches, applies, is told of mistakes, and decides', async t => {
  const step = stepsOf(t)
  const { student, tutor } = await cast(stage.app)
  const page = await stage.desk(t, 390, { javaScriptEnabled: false })

  await step('the student signs in and finds the service', async () => {
    await page.goto('/')
    await signInFirst(page, student.number)
    await page.getByRole('searchbox').fill('zdzm')
    await page.getByRole('button', { name: '搜索' }).click()
    await page.locator('#found').getByRole('link', { name: /^在读证明/ }).click()
  })

  await step('a form with a mistake comes back filled in, and says where', async () => {
    await fillForm(page, { ...answers, mailbox: 'reader-at-example.com', attachment: format })
    await page.getByRole('button', { name: '提交', exact: true }).last().click()
    await page.getByRole('alert').getByRole('link').first().click()
    assert.match(page.url(), /#f-mailbox$/)
    assert.equal(await page.getByLabel('接收邮箱').inputValue(), 'reader-at-example.com')
    assert.ok(await page.getByRole('radio', { name: answers.purpose }).isChecked())
    await page.getByRole('link', { name: format.name }).waitFor()
  })

  await step('corrected, it is sent', async () => {
    await page.getByLabel('接收邮箱').fill(answers.mailbox)
    await sendForm(page)
    await page.getByText(`等辅导员 ${tutor.name}`).waitFor()
    await page.getByRole('link', { name: format.name }).waitFor()
  })

  await step('the tutor signs in, finds it and decides', async () => {
    const desk = await stage.desk(t, 390, { javaScriptEnabled: false })
    await desk.goto('/received')
    await signInFirst(desk, tutor.number)
    await desk.getByRole('link', { name: student.name }).click()
    await decide(desk, '退回申请人修改', '请写明用途')
  })

  await step('the student reads why', async () => {
    await page.reload()
    await page.getByText('请写明用途').first().waitFor()
    await page.getByRole('link', { name: '修改并重新提交' }).waitFor()
  })

  await step('on paper every moment of it stands with its day, not as one of today', async () => {
    const moments = () => page.locator('time').evaluateAll(times => times.map(time => ({
      words: (time as HTMLElement).innerText, drawn: getComputedStyle(time, '::after').content, exact: new Date(Date.parse((time as HTMLTimeElement).dateTime) + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' '),
    })))
    const shown = await moments()
    assert.ok(shown.length > 1 && shown.every(({ words, drawn }) => words !== '' && drawn === 'none'), JSON.stringify(shown))
    await page.emulateMedia({ media: 'print' })
    for (const { words, drawn, exact } of await moments()) assert.deepEqual([words, drawn], ['', `"${exact}"`])
    // How long it has waited is so as of a time of its own.
    assert.match(await page.locator('.print-only').innerText(), /^打印的是 \d{4}-\d\d-\d\d \d\d:\d\d 的情况$/)
  })
})
