import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import readXlsxFile from 'read-excel-file/node'
import { cast } from '../support/people.ts'
import { issue } from './issued.ts'
import { look } from './look.ts'
import { signIn, signInFirst } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()
const { student, admin, audit } = await cast(stage.app)
await letAMailDie()

for (const [index, width] of widths.toReversed().entries()) {
  test(`at ${width} px the administrator looks after people, applications and jobs, the auditor reads the trail`, async t => {
    const step = stepsOf(t)
    const page = await stage.desk(t, width)
    const go = async (name: string) => {
      const menu = page.getByRole('button', { name: '菜单', exact: true })
      if (await menu.isVisible()) await menu.click()
      await page.getByRole('navigation', { name: '管理菜单' }).getByRole('link', { name }).click()
      await page.getByRole('heading', { level: 1 }).waitFor()
    }

    await step('signs in with the campus account', async () => {
      await page.goto('/admin')
      if (index === 0) await signInFirst(page, admin.number)
      else await signIn(page, admin.number)
      await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
      await look(page)
    })

    await step('finds a person and reads what is known', async () => {
      await go('人员')
      await look(page)
      await page.getByRole('searchbox').fill(student.number)
      await page.getByRole('searchbox').press('Enter')
      await page.getByRole('link', { name: student.name }).first().click()
      await page.getByRole('heading', { level: 1, name: student.name }).waitFor()
      await look(page)
    })

    await step('sees the applications, and each one', async () => {
      await go('申请')
      const row = page.getByRole('row').filter({ hasText: student.number })
      await row.waitFor()
      await look(page)
      await row.getByRole('link').first().click()
      await page.getByRole('heading', { name: '办理过程' }).waitFor()
      await look(page)
      await page.goto('/admin')
    })

    if (index === 0) await step('a job that failed for good is tried again, and then the mail arrives', async () => {
      await go('后台作业')
      await page.getByText('messages.send-mail').first().waitFor()
      await look(page)
      await page.getByRole('button', { name: '重试' }).click()
      await page.getByText('已重新排队').waitFor()
      await page.getByText('没有失败的作业').waitFor()
      await stage.drain()
      assert.equal(stage.simulator.state.mails.length, 1)
    })

    await step('imports a roster: mistakes are told by row and column, the good rows can go in', async () => {
      await go('导入名单')
      await look(page)
      await page.getByRole('radio', { name: '学生' }).check()
      await page.getByLabel('名单文件').setInputFiles({ name: '新生.xlsx', mimeType: XLSX, buffer: await rosterWithMistakes(`新班级${width}`) })
      await page.getByRole('button', { name: '上传并检查' }).click()
      await page.getByText('有 1 行不能导入，其余 2 行可以。还没有写入任何内容').waitFor()
      const row = page.getByRole('table', { name: '检查结果' }).getByRole('row').filter({ hasText: '性别' })
      assert.equal((await row.getByRole('cell').first().innerText()).trim(), '3')
      assert.match(await row.innerText(), /电子邮箱/)
      await look(page)
      await page.getByRole('link', { name: '修改' }).click()
      await page.getByText(`→ 新班级${width}`).first().waitFor()
      await look(page)
      await page.getByRole('button', { name: '只导入能导入的 2 行' }).click()
      await stage.drain()
      await page.getByText('已经写入').waitFor()
      await look(page)
    })

    await step('the auditor reads the trail, and has it checked', async () => {
      const auditor = await stage.desk(t, width)
      await auditor.goto('/admin/events')
      if (index === 0) await signInFirst(auditor, audit.number)
      else await signIn(auditor, audit.number)
      await auditor.getByRole('row').filter({ hasText: student.name }).first().waitFor()
      await look(auditor)
      await auditor.getByRole('button', { name: '检查记录是否被改动' }).click()
      await auditor.getByText('首尾相接，没有改动过').waitFor()
    })
  })
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The first three students of the sample in another class; row 3 of the sheet has two mistakes. */
async function rosterWithMistakes(class_name: string): Promise<Buffer> {
  const [sheet] = await readXlsxFile(await readFile(join(import.meta.dirname, '../../src/catalogue/sample/students.xlsx')))
  const rows = sheet?.data ?? []
  const head = rows[1] ?? []
  const change = (cells: typeof head, changes: Record<string, string>) => cells.map((cell, at) => changes[String(head[at])] ?? cell)
  const people = rows.slice(2, 5).map((cells, at) => change(cells, { 班级: class_name, ...(at === 1 && { 性别: 'X', 电子邮箱: '不是邮箱' }) }))
  return await writeXlsxFile([head, ...people].map(cells => cells.map(value => ({ value: value instanceof Date ? value.toISOString().slice(0, 10) : typeof value === 'number' ? value : value === null ? undefined : String(value) })))).toBuffer()
}

/** The mail server does not speak with us for so long that the mail with the certificate is given up. */
async function letAMailDie(): Promise<void> {
  stage.simulator.trouble.mailClosed = true
  await issue(stage, 0)
  const dead = () => stage.app.database.db.selectFrom('jobs').select('id').where('status', '=', 'dead').executeTakeFirst()
  for (let hours = 0; hours < 12 && !await dead(); hours++) {
    stage.clock.advance(3_600_000)
    await stage.drain()
  }
  assert.ok(await dead())
  stage.simulator.trouble.mailClosed = false
}
