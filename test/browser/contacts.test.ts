import { test } from 'node:test'
import { holderOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'
import { look } from './look.ts'
import { signIn, signInFirst } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()
const { simulator } = stage
const { student, classmate, tutor } = await cast(stage.app)
const operator = await holderOf(stage, 'admin')
// Enough to see each kind of line: both sides, a side that is empty, a member who is nobody here with a very long name.
await simulator.admin.updateMember(tutor.userid, { position: '高级辅导员兼学院学生工作办公室副主任（主持工作）' })
await simulator.admin.updateMember(student.userid, { department: [1] })
await simulator.admin.addMember({ userid: 'a-very-long-account-name.of-somebody@contractor.example', name: '古丽巴哈尔·艾合买提·阿布都热依木', department: [1], mobile: '13700000001' })
await simulator.admin.setEnabled(classmate.userid, false)

for (const [index, width] of widths.entries()) {
  test(`at ${width} px the address book is compared, looked at and mended`, async t => {
    const step = stepsOf(t)
    const page = await stage.desk(t, width)

    await step('an empty page says what comparing does', async () => {
      await page.goto('/admin/contacts')
      if (index === 0) await signInFirst(page, operator.number)
      else await signIn(page, operator.number)
      await page.getByRole('heading', { level: 1, name: '通讯录' }).waitFor()
      await look(page)
    })

    await step('the differences stand side by side', async () => {
      await page.getByRole('button', { name: '立即核对' }).click()
      await stage.drain()
      await page.goto('/admin/contacts')
      await page.getByRole('link', { name: '古丽巴哈尔·艾合买提·阿布都热依木' }).waitFor()
      await look(page)
    })

    await step('one is looked at and ignored, and brought back', async () => {
      await page.getByRole('link', { name: tutor.name }).first().click()
      await page.getByRole('heading', { level: 1, name: tutor.name }).waitFor()
      await look(page)
      await page.getByRole('button', { name: '忽略' }).click()
      await page.getByText('已忽略，以后不再提示这一项').waitFor()
      await page.getByRole('link', { name: /^已忽略/ }).click()
      await page.getByRole('link', { name: tutor.name }).first().click()
      await page.getByText('这一项已忽略').waitFor()
      await look(page)
      await page.getByRole('button', { name: '恢复' }).click()
      await page.getByText('已恢复到待处理').waitFor()
    })

    await step('before many are decided at once the page asks', async () => {
      await page.goto('/admin/contacts?field=position')
      await look(page)
      await page.getByRole('link', { name: '全部：以本校为准' }).click()
      await page.getByText('1 处差异会一起处理').waitFor()
      await look(page)
    })
  })
}
