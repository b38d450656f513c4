import { Type } from 'typebox'
import { defineEvent } from '../../../../platform/events.ts'
import type { EventLabel } from '../../../../platform/feature.ts'

const run = { run_id: Type.String() }

export const gradesAsked = defineEvent('documents.grades-asked', Type.Object(run))
export const gradesFetched = defineEvent('documents.grades-fetched', Type.Object({ ...run, rows: Type.Integer(), created: Type.Integer(), changed: Type.Integer(), removed: Type.Integer() }))
export const gradesOffered = defineEvent('documents.grades-offered', Type.Object({ ...run, created: Type.Integer(), changed: Type.Integer(), removed: Type.Integer() }))
export const gradesAdopted = defineEvent('documents.grades-adopted', Type.Object(run))
export const gradesLeft = defineEvent('documents.grades-left', Type.Object(run))
export const gradesNotFetched = defineEvent('documents.grades-not-fetched', Type.Object(run))

const href = (event: Record<string, unknown>) => `/admin/grades/runs/${String(event.run_id)}`

export const gradeRunLabels: Record<string, EventLabel> = {
  [gradesAsked.name]: { text: '{actor} 要求同步成绩', tone: 'quiet', href },
  [gradesFetched.name]: { text: '同步成绩 {rows} 行：新增 {created}，更新 {changed}，删除 {removed}', tone: 'quiet', href },
  [gradesOffered.name]: { text: '同步成绩等待核对：新增 {created}，更新 {changed}，删除 {removed}', tone: 'quiet', href },
  [gradesAdopted.name]: { text: '{actor} 核对了同步的成绩，写入', tone: 'quiet', href },
  [gradesLeft.name]: { text: '同步的成绩没有写入', tone: 'quiet', href },
  [gradesNotFetched.name]: { text: '同步成绩没有成功', tone: 'bad', href },
}
