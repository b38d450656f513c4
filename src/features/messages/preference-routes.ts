import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { fits } from '../../platform/schema.ts'
import { AT_ONCE, minuteText, type Preference, readMinute } from './quiet.ts'
import { heldFor } from './store/deliveries.ts'
import { preferenceOf } from './store/preferences.ts'
import { prefer } from './verbs/hold.ts'

type How = 'now' | 'quiet' | 'digest'
const HowWord = Type.Enum(['now', 'quiet', 'digest'])
type Typed = { how: string; quiet_from: string; quiet_until: string; digest_at: string }
type Errors = Partial<Record<keyof Typed, string>>

/** What stands there to begin with: late in the evening until early in the morning; before the office opens. */
const USUAL = { quiet_from: '22:00', quiet_until: '07:00', digest_at: '08:00' }

/** 通知设置: at once, not at night, or once a day. */
export function preferenceRoutes({ database: { db, write }, clock }: { database: Database; clock: Clock }): FastifyPluginAsync {
  return async app => {
    app.get('/account/notices', async (request, reply) => show(request, reply, typedOf(await preferenceOf(db, request.person.person_id))))

    app.post('/account/notices', async (request, reply) => {
      const { t, person } = request
      const typed = readTyped(request.body)
      const read = understood(typed)
      if ('errors' in read) return show(request, reply.code(422), typed, read.errors)
      await write(tx => prefer(tx, person.person_id, read.preference))
      request.session.flash = { meaning: 'done', text: t('已保存') }
      return reply.redirect('/account/notices', 303)
    })
  }

  async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, errors: Errors = {}): Promise<FastifyReply> {
    const { t, person } = request
    const { count, due_at } = await heldFor(db, person.person_id)
    const time = (name: 'quiet_from' | 'quiet_until' | 'digest_at', label: string) => ({ name, type: 'time', label: t(label), value: typed[name] || USUAL[name], error: errors[name] && t(errors[name]) })
    return reply.page('messages/preferences', {
      title: t('通知设置'), lead: t('什么时候把通知发到企业微信'), held: count > 0 && due_at !== null ? { count, due_at: Math.max(due_at, clock.now()) } : null,
      how: { name: 'how', type: 'radio', label: t('发送时间'), value: typed.how, error: errors.how && t(errors.how), options: [
        { value: 'now', text: t('随时发送'), help: t('有通知就马上发') }, { value: 'quiet', text: t('夜间免打扰'), help: t('免打扰时段里的通知，结束以后再发') },
        { value: 'digest', text: t('每天汇总一次'), help: t('一天的通知合成一条，带每一项的链接') },
      ] },
      quiet: [time('quiet_from', '免打扰从'), time('quiet_until', '到')], digest: time('digest_at', '汇总发送时间'),
    })
  }
}

function typedOf({ quiet_from, quiet_until, digest_at }: Preference): Typed {
  return { how: digest_at !== null ? 'digest' : quiet_from !== null ? 'quiet' : 'now', quiet_from: minuteText(quiet_from), quiet_until: minuteText(quiet_until), digest_at: minuteText(digest_at) }
}

function readTyped(body: unknown): Typed {
  const sent = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const text = (name: string) => typeof sent.get(name) === 'string' ? String(sent.get(name)) : ''
  return { how: text('how'), quiet_from: text('quiet_from'), quiet_until: text('quiet_until'), digest_at: text('digest_at') }
}

function understood({ how, ...times }: Typed): { preference: Preference } | { errors: Errors } {
  if (!fits<How>(HowWord, how)) return { errors: { how: '请选择什么时候发送' } }
  const [quiet_from, quiet_until, digest_at] = [times.quiet_from, times.quiet_until, times.digest_at].map(readMinute)
  const NO_TIME = '请填写时间，例如 22:00'
  if (how === 'now') return { preference: AT_ONCE }
  if (how === 'digest') return digest_at === null || digest_at === undefined ? { errors: { digest_at: NO_TIME } } : { preference: { ...AT_ONCE, digest_at } }
  const errors: Errors = { ...(quiet_from === null && { quiet_from: NO_TIME }), ...(quiet_until === null && { quiet_until: NO_TIME }), ...(quiet_from !== null && quiet_from === quiet_until && { quiet_until: '结束时间要和开始时间不同' }) }
  return Object.keys(errors).length > 0 ? { errors } : { preference: { ...AT_ONCE, quiet_from: quiet_from ?? null, quiet_until: quiet_until ?? null } }
}
