import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { look } from './look.ts'
import { agreeOnCard, answers, cardOf, decide, fillForm, openCard, openFromMenu, openHall, overCardOf, type Place, sendForm, signInFirst } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()
const format = { name: '签证中心的格式要求.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') }

for (const [which, width] of widths.entries()) {
  test(`at ${width} px a student applies in WeCom, tutor and registrar agree, and the sealed certificate arrives`, async t => {
    const { student, tutor, registrars: [registrar] } = await cast(stage.app, which)
    assert.ok(registrar)
    const step = stepsOf(t)
    const phones = await stage.phones(t, width, [student, tutor, registrar])
    await look(phones.page)
    const see = (name: string) => look(phones.page, `手机 ${name}`, '应用内浏览器')
    // Where the student works: in WeCom on the phone, on a PC in a browser.
    let place: Place = (await phones.of(student)).web
    let seeOwn = () => see(student.name)

    await step('the menu 办事大厅 opens the hall, signed in without a question', async () => {
      const web = await openHall(await phones.of(student))
      await web.getByRole('heading', { level: 1, name: student.name }).waitFor()
      await see(student.name)
    })

    if (width > 1000) await step('at a PC the same person signs in with the campus account, and must change the first password', async () => {
      const pc = await stage.desk(t, width)
      await pc.goto('/')
      await look(pc)
      await signInFirst(pc, student.number)
      await pc.getByRole('heading', { level: 1, name: student.name }).waitFor()
      await look(pc)
      place = pc
      seeOwn = () => look(pc)
    })

    await step('the service is found by its name, its sound and its initials', async () => {
      const search = place.getByRole('searchbox')
      for (const words of ['在读', 'zaidu', 'zdzm']) {
        await search.fill(words)
        await place.getByText(`“${words}”`).waitFor()
        await place.locator('#found').getByRole('link', { name: /^在读证明/ }).waitFor()
      }
      await seeOwn()
      await place.locator('#found').getByRole('link', { name: /^在读证明/ }).click()
      await place.getByRole('heading', { level: 1, name: '在读证明' }).waitFor()
      await seeOwn()
    })

    await step('the form takes purpose, language, mailbox and an attachment, and the timeline begins', async () => {
      await fillForm(place, { ...answers, attachment: format })
      await place.getByText(format.name).waitFor()
      await seeOwn()
      await sendForm(place)
      await place.getByText(`等辅导员 ${tutor.name}`).waitFor()
      await place.getByRole('link', { name: format.name }).waitFor()
      await seeOwn()
    })

    await step('the tutor agrees on the card itself, and the card says so', async () => {
      const his = await phones.of(tutor)
      await his.conversation()
      await cardOf(his, student.name).waitFor()
      await look(phones.page, `手机 ${tutor.name}`)
      await agreeOnCard(his, student.name, tutor.name)
      assert.equal(await overCardOf(his, student.name).getByRole('button', { name: '同意', exact: true }).count(), 0)
    })

    await step('the registrar opens the page from the card, writes a comment and agrees', async () => {
      const hers = await phones.of(registrar)
      const web = await openCard(hers, student.name)
      const bar = web.getByRole('button', { name: '同意', exact: true })
      assert.ok(await bar.evaluate(button => document.documentElement.scrollHeight > innerHeight && button.getBoundingClientRect().bottom <= innerHeight), 'what to do is in sight before one scrolls')
      await see(registrar.name)
      await decide(web, '同意', '情况属实')
      await web.getByText('情况属实').waitFor()
      await see(registrar.name)
    })

    await step('the student is told of each step and receives the file in WeCom and by mail', async () => {
      const hers = await phones.of(student)
      await hers.conversation()
      for (const words of ['在读证明：辅导员审批已通过', '在读证明已审批通过', '中文在读证明已签章']) await hers.frame.getByText(words, { exact: true }).last().waitFor()
      await hers.frame.getByText(/^中文在读证明-.*\.pdf$/).waitFor()
      await look(phones.page, `手机 ${student.name}`)
    })

    await step('the mail with the file is there too', async () => {
      const page = await phones.panel('邮件')
      const mail = page.locator('details', { hasText: answers.mailbox }).first()
      await mail.getByText(`中文在读证明（${student.name}）`).click()
      await mail.getByText(/^中文在读证明-.*\.pdf（/).waitFor()
      const [download] = await Promise.all([page.waitForEvent('download'), mail.getByRole('link', { name: '下载', exact: true }).click()])
      assert.equal((await readFile(await download.path())).subarray(0, 5).toString(), '%PDF-')
      await look(page)
    })

    await step('the record shows what arrived, and sends the mail again', async () => {
      if (width > 1000) {
        const menu = place.getByRole('navigation', { name: '主菜单' })
        await menu.getByText('成绩与证明').click()
        await menu.getByRole('link', { name: '申请记录' }).click()
      } else await openFromMenu(await phones.of(student), '我的', '我的证明')
      await place.getByRole('link', { name: '中文在读证明' }).click()
      await place.getByRole('heading', { level: 1, name: '中文在读证明' }).waitFor()
      await place.getByText('已签章').first().waitFor()
      await seeOwn()
      await place.getByRole('listitem').filter({ hasText: '邮件' }).getByRole('button', { name: '重新发送' }).click()
      await place.getByText('已重新发送').waitFor()
      const page = await phones.panel('邮件')
      await page.locator('details', { hasText: answers.mailbox }).nth(1).waitFor()
    })
  })
}
