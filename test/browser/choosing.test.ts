import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { cast, type Someone } from '../support/people.ts'
import { look } from './look.ts'
import { agreeOnCard, cardOf, openHall, overCardOf, sendForm } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const TITLE = '课题立项'
const stage = await startStage(undefined, { serviceFiles: join(import.meta.dirname, '../services/choosing') })

for (const [which, width] of widths.entries()) {
  test(`at ${width} px an approver chooses for several steps on the card itself, in lists, and those who were chosen act`, async t => {
    const { student, tutor } = await cast(stage.app, which)
    const [first, second] = [await numbered('10001'), await numbered('10041')]
    const step = stepsOf(t)
    const phones = await stage.phones(t, width, [student, tutor, first, second])

    await step('the student asks for what needs a third look', async () => {
      const web = await openHall(await phones.of(student))
      await web.getByRole('link', { name: TITLE }).first().click()
      await web.getByRole('link', { name: '开始办理' }).last().click()
      await web.getByLabel('课题').fill('中外合作办学史')
      await web.getByRole('radio', { name: '是', exact: true }).check()
      await sendForm(web)
    })

    await step('the card asks whom for each of the three, and nobody stands chosen', async () => {
      const his = await phones.of(tutor)
      await his.conversation()
      const card = cardOf(his, student.name, TITLE)
      for (const label of ['初审', '复审', '涉外审查']) assert.equal(await card.getByLabel(`请选择“${label}”的办理人`).inputValue(), 'none')
      await look(phones.page, `手机 ${tutor.name}`)
    })

    await step('half of it is not enough: nothing is decided, and the tutor reads what is missing', async () => {
      const his = await phones.of(tutor)
      const card = cardOf(his, student.name, TITLE)
      await card.getByLabel('请选择“初审”的办理人').selectOption({ label: await optionOf(card, '初审', first.name) })
      await card.getByRole('button', { name: '同意', exact: true }).click()
      await his.frame.getByText('请选择“复审”的办理人', { exact: true }).last().waitFor()
      assert.equal((await stage.app.approvals.openTasksOf(stage.app.database.db, tutor.person_id, { limit: 9 })).length, 1)
    })

    await step('with all of it the card says who decided, and can be used no more', async () => {
      const his = await phones.of(tutor)
      const card = cardOf(his, student.name, TITLE)
      for (const [label, name] of [['初审', first.name], ['复审', second.name], ['涉外审查', '']] as const) {
        await card.getByLabel(`请选择“${label}”的办理人`).selectOption({ label: await optionOf(card, label, name) })
      }
      await agreeOnCard(his, student.name, tutor.name, TITLE)
      assert.equal(await overCardOf(his, student.name, TITLE).getByRole('button', { name: '同意', exact: true }).count(), 0)
      for (const list of await card.getByRole('combobox').all()) assert.ok(await list.isDisabled())
      await look(phones.page, `手机 ${tutor.name}`)
    })

    await step('each of those who were chosen gets it in turn, on a card of their own', async () => {
      await agreeOnCard(await phones.of(first), student.name, first.name, TITLE)
      await agreeOnCard(await phones.of(second), student.name, second.name, TITLE)
      const web = await openHall(await phones.of(student))
      await web.getByRole('link', { name: '我发出的' }).first().click()
      await web.getByRole('link', { name: TITLE }).first().click()
      await web.getByText(/等涉外审查/).first().waitFor()
    })
  })
}

async function numbered(number: string): Promise<Someone> {
  return stage.app.database.db.selectFrom('identity_people as person').innerJoin('identity_bindings as binding', 'binding.person_id', 'person.id')
    .select(['person.id as person_id', 'person.number', 'person.name', 'binding.userid']).where('person.number', '=', number).$narrowType<{ number: string }>().executeTakeFirstOrThrow()
}

/** The line of a list that begins with this name; of any, the first that names somebody. */
async function optionOf(card: ReturnType<typeof cardOf>, label: string, name: string): Promise<string> {
  const lines = await card.getByLabel(`请选择“${label}”的办理人`).locator('option').allTextContents()
  return lines.slice(1).find(line => line.startsWith(name)) ?? assert.fail(`${name} is not offered for ${label}: ${lines.join()}`)
}
