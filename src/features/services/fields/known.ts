/** What a form shows of another person: enough to tell them from a namesake. */
export type KnownPerson = { id: string; name: string; unit: string; /** masked */ number: string; kind: 'student' | 'staff'; /** has left the university */ gone: boolean }
export type KnownUnit = { id: string; name: string }

/** What the directory says about the ids that a form names. `isWorkday`: is the day (YYYY-MM-DD) worked here? `today`: the school's, where the form is filled in now. */
export type Known = { people: ReadonlyMap<string, KnownPerson>; units: ReadonlyMap<string, KnownUnit>; isWorkday?: IsWorkday; today?: string }
export type IsWorkday = (day: string) => boolean

export const NOBODY: Known = { people: new Map(), units: new Map() }

/** 李敏（计算机学院） */
export function personText({ name, unit }: KnownPerson): string {
  return `${name}（${unit}）`
}
