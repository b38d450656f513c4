import type { Corp } from './corp.ts'

function translate(corp: Corp, text: string): string {
  return text.replace(/\$(userName|userAlias|userAliasOrName|departmentName)=([^$]+)\$/g, (typed: string, kind: string, id: string) => {
    if (kind === 'departmentName') return corp.departments.get(Number(id))?.name ?? typed
    const member = corp.find(id)
    if (!member) return typed
    if (kind === 'userName') return member.name
    return kind === 'userAlias' ? member.alias : member.alias || member.name
  })
}

/** enable_id_trans: `$userName=USERID$` and its like become names; unknown ids stay as typed. Addresses are left alone. */
export function translateIds<V>(corp: Corp, value: V): V {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    return typeof inner === 'string' && !/url|key|_id$/.test(key) ? translate(corp, inner) : inner
  })
  return JSON.parse(text)
}
