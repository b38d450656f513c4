import type { T } from '../../../platform/text.ts'
import { type Faults, heardText, isGood, METHODS, MOST_HEADERS, type Typed } from '../rules.ts'
import type { Connection } from '../store.ts'

export function listPage(t: T, connections: readonly Connection[]) {
  return {
    title: t('外部连接'), lead: t('流程里的“调用外部系统”环节通过这里的连接访问其他系统'), actions: [{ label: t('新建连接'), href: '/admin/connections/new', kind: 'main' }],
    rows: connections.map(connection => ({ id: connection.id, href: `/admin/connections/${connection.id}`, cells: {
      name: { text: connection.name, note: connection.note }, origin: `${connection.method} ${connection.origin}`, tested: { text: '', tag: testTag(t, connection) },
    } })),
  }
}

function testTag(t: T, { tested, test_asked_at }: Connection) {
  if (test_asked_at !== null) return { text: t('正在测试'), meaning: 'blue' }
  if (!tested) return { text: t('没有测试过'), meaning: 'grey' }
  return tested.status !== null && isGood(tested.status) ? { text: t('正常'), meaning: 'green' } : { text: t('不正常'), meaning: 'red' }
}

export function typedOf({ name, note, origin, paths, method, time_limit, header_names }: Connection): Typed {
  return { name, note, origin, paths: paths.join('\n'), method, time_limit: String(time_limit), headers: header_names.map(each => ({ name: each, value: '' })) }
}

export const EMPTY: Typed = { name: '', note: '', origin: '', paths: '', method: 'POST', time_limit: '10', headers: [] }

/** The form of a new connection, or of one that is there. */
export function formPage(t: T, typed: Typed, { connection, faults }: { connection: Connection | null; faults: Faults }) {
  const errors = Object.fromEntries(Object.entries(faults).map(([field, { sentence, params }]) => [field, t(sentence, params)]))
  const kept = connection?.header_names ?? []
  const field = (name: keyof Typed & string, rest: Record<string, unknown>) => ({ name, error: errors[name], ...rest })
  return {
    title: connection ? connection.name : t('新建连接'), back: { label: t('外部连接'), href: '/admin/connections' }, id: connection?.id, errors,
    action: connection ? `/admin/connections/${connection.id}` : '/admin/connections', label: t(connection ? '保存' : '新建'),
    fields: [
      ...connection ? [] : [field('name', { label: t('名称'), required: true, value: typed.name, help: t('流程里用它来指明连接，建好以后不能改'), maxlength: 40 })],
      field('note', { label: t('说明'), value: typed.note, maxlength: 200 }),
      field('origin', { label: t('地址'), type: 'url', required: true, value: typed.origin, help: t('只写协议、主机和端口。改了地址，请求头要重新填写'), placeholder: 'https://erp.example.edu.cn' }),
      field('paths', { label: t('允许访问的路径'), type: 'textarea', rows: 3, required: true, value: typed.paths, help: t('一行一个，流程没有指明时用第一个'), placeholder: '/api/applications' }),
      field('method', { label: t('方法'), type: 'select', required: true, value: typed.method, options: METHODS.map(value => ({ value, text: value })) }),
      field('time_limit', { label: t('时限'), type: 'number', required: true, value: typed.time_limit, suffix: t('秒'), min: 1, max: 60 }),
    ],
    headers: Array.from({ length: MOST_HEADERS }, (_, place) => {
      const header = typed.headers[place]
      return [
        { name: `header_name_${place}`, label: t('请求头 {n}', { n: place + 1 }), value: header?.name ?? '', placeholder: place === 0 ? 'authorization' : '', autocomplete: 'off' },
        { name: `header_value_${place}`, label: t('内容'), type: 'password', value: '', autocomplete: 'new-password', placeholder: header && kept.includes(header.name) ? t('已保存，留空就不改') : '' },
      ]
    }),
    headerError: errors.headers,
    test: connection && { running: connection.test_asked_at !== null, at: connection.tested_at, text: connection.tested ? heardText(t, connection.tested) : null, meaning: testTag(t, connection).meaning },
  }
}
