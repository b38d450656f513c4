import type { ApiTable } from './api.ts'
import type { Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import type { Media } from './media.ts'
import { read, type Json } from './shape.ts'

const shape = {
  agentid: 'number', report_location_flag: 'number', logo_mediaid: 'text', name: 'text', description: 'text', redirect_domain: 'text',
  isreportenter: 'number', home_url: 'text',
} as const

/** The agent that a call names must exist (40056); the only other ones are somebody else's (301002). */
export function agentCheck(corp: Corp): (agentid: unknown) => void {
  return (agentid) => {
    if (agentid === undefined || Number.isNaN(agentid)) throw new WecomError(41011)
    if (typeof agentid !== 'number') throw new WecomError(40058, 'agentid has a wrong type')
    if (agentid === corp.agent.agentid) return
    // Agents below ours stand for other apps of the corporation; above it there is none.
    throw new WecomError(agentid > 0 && agentid < corp.agent.agentid ? 301002 : 40056)
  }
}

function describe(corp: Corp): Json {
  const members = [...corp.members.values()]
  const everyone = members.every((member) => member.visible)
  const user = everyone ? [] : members.filter((member) => member.visible).map(({ userid }) => ({ userid }))
  return { ...corp.agent, allow_userinfos: { user }, allow_partys: { partyid: everyone ? [1] : [] }, allow_tags: { tagid: [] } }
}

function change(corp: Corp, media: Media, body: Json): Json {
  const { agentid: _agentid, logo_mediaid, ...fields } = read(shape, body)
  const flagWrong = [fields.report_location_flag, fields.isreportenter].some((flag) => flag !== undefined && flag !== 0 && flag !== 1)
  if (flagWrong) throw new WecomError(40058, 'a flag is 0 or 1')
  if (fields.name !== undefined && ([...fields.name].length > 32 || fields.name === '')) throw new WecomError(45022)
  const about = fields.description === undefined ? 4 : [...fields.description].length
  if (about < 4 || about > 120) throw new WecomError(45004)
  if (fields.home_url !== undefined && !/^https?:\/\//.test(fields.home_url)) throw new WecomError(45034, 'home_url')
  if (fields.redirect_domain !== undefined && fields.redirect_domain !== corp.agent.redirect_domain) throw new WecomError(85005)
  if (logo_mediaid !== undefined) media.usable(logo_mediaid, 'image')
  Object.assign(corp.agent, fields)
  return {}
}

/** agent/get, list, set (§6.2). */
export function agentApis(corp: Corp, media: Media, changed: () => void): ApiTable {
  const check = agentCheck(corp)
  const refuses = { contacts: 48002 }
  return {
    'agent/get': {
      method: 'GET', refuses,
      run({ query }) {
        check(Number(query['agentid']))
        return describe(corp)
      },
    },
    'agent/list': {
      method: 'GET', refuses,
      run: () => ({ agentlist: [{ agentid: corp.agent.agentid, name: corp.agent.name, square_logo_url: corp.agent.square_logo_url }] }),
    },
    'agent/set': {
      method: 'POST', refuses,
      run({ body }) {
        check(body['agentid'])
        const result = change(corp, media, body)
        changed()
        return result
      },
    },
  }
}
