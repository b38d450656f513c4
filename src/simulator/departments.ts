import type { Api, ApiTable } from './api.ts'
import type { Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import { read, type Json, type Of } from './shape.ts'
import type { Department } from './types.ts'

const shape = { id: 'number', name: 'text', name_en: 'text', parentid: 'number', order: 'number' } as const
type Fields = Of<typeof shape>

function checkName(name: string | undefined): void {
  if (name === undefined) return
  const length = [...name].length
  if (length < 1 || length > 64) throw new WecomError(60001, 'name')
  if (/[\\:*?"<>｜]/.test(name)) throw new WecomError(60009, 'name')
}

function depth(corp: Corp, id: number): number {
  let steps = 0
  for (let at = corp.departments.get(id); at && steps < 20; at = corp.departments.get(at.parentid)) steps += 1
  return steps
}

/** Levels from this department down, itself included. */
function height(corp: Corp, id: number): number {
  return Math.max(...[...corp.subtree(id)].map((below) => depth(corp, below))) - depth(corp, id) + 1
}

function checkPlace(corp: Corp, fields: Fields, self: Department | undefined): void {
  const parentid = fields.parentid ?? self?.parentid
  if (parentid === undefined) throw new WecomError(60124, 'parentid')
  if (self?.id !== 1 && !corp.departments.has(parentid)) throw new WecomError(60004, 'parentid')
  if (self && corp.subtree(self.id).has(parentid)) throw new WecomError(60010, 'parentid')
  if (depth(corp, parentid) + (self ? height(corp, self.id) : 1) > 15) throw new WecomError(81002)
  const name = fields.name ?? self?.name
  const twin = [...corp.departments.values()].some((one) => one.parentid === parentid && one.name === name && one.id !== self?.id)
  if (twin) throw new WecomError(60008)
}

function create(corp: Corp, body: Json, most: number): Json {
  const fields = read(shape, body)
  // The platform's page gives the number and no code of its own.
  if (corp.departments.size >= most) throw new WecomError(40058, 'too many departments')
  if (fields.name === undefined) throw new WecomError(60127, 'name')
  checkName(fields.name)
  if (fields.id !== undefined && (!Number.isInteger(fields.id) || fields.id <= 1)) throw new WecomError(60123, 'id')
  if (fields.id !== undefined && corp.departments.has(fields.id)) throw new WecomError(60008, 'id')
  checkPlace(corp, fields, undefined)
  const id = fields.id ?? Math.max(...corp.departments.keys()) + 1
  corp.departments.set(id, { id, name: fields.name, parentid: fields.parentid ?? 1, order: fields.order ?? 0, name_en: fields.name_en ?? '' })
  return { errmsg: 'created', id }
}

function update(corp: Corp, body: Json): Json {
  const fields = read(shape, body)
  const department = corp.departments.get(fields.id ?? 0)
  if (!department) throw new WecomError(60003)
  checkName(fields.name)
  checkPlace(corp, fields, department)
  Object.assign(department, fields)
  return { errmsg: 'updated' }
}

function remove(corp: Corp, id: number): Json {
  if (!corp.departments.has(id)) throw new WecomError(60003)
  if (id === 1) throw new WecomError(60007)
  if (corp.subtree(id).size > 1) throw new WecomError(60006)
  if (corp.inDepartment(id).some((one) => one.status !== 5)) throw new WecomError(60005)
  corp.departments.delete(id)
  return { errmsg: 'deleted' }
}

function full(department: Department): Json {
  const { id, name, parentid, order = 0, name_en = '', department_leader = [] } = department
  return { id, name, name_en, department_leader, parentid, order }
}

function listed(corp: Corp, id: string | undefined): Department[] {
  if (id === undefined || id === '') return [...corp.departments.values()]
  if (!corp.departments.has(Number(id))) throw new WecomError(60003)
  const below = corp.subtree(Number(id))
  return [...corp.departments.values()].filter((one) => below.has(one.id))
}

/** Departments (§3.3). The app's range covers the whole tree; single members may be outside it. */
export function departmentApis(corp: Corp, changed: () => void, most: number): ApiTable {
  const writing = (method: 'GET' | 'POST', run: Api['run']): Api => ({
    method, refuses: { app: 48002 },
    async run(call) {
      const result = await run(call)
      changed()
      return result
    },
  })
  return {
    'department/create': writing('POST', ({ body }) => create(corp, body, most)),
    'department/update': writing('POST', ({ body }) => update(corp, body)),
    'department/delete': writing('GET', ({ query }) => remove(corp, Number(query['id']))),
    'department/list': { method: 'GET', refuses: { contacts: 48009 }, run: ({ query }) => ({ department: listed(corp, query['id']).map(full) }) },
    'department/simplelist': {
      method: 'GET',
      run: ({ query }) => ({ department_id: listed(corp, query['id']).map(({ id, parentid, order = 0 }) => ({ id, parentid, order })) }),
    },
    'department/get': {
      method: 'GET', refuses: { contacts: 48009 },
      run({ query }) {
        const department = corp.departments.get(Number(query['id']))
        if (!department) throw new WecomError(60003)
        return { department: full(department) }
      },
    },
  }
}
