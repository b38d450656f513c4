import { Type } from 'typebox'
import type { Call } from './call.ts'
import { fitCard, type TemplateCard } from './cards.ts'
import { cutBytes, cutChars, plain } from './cut.ts'

export type Content =
  | { msgtype: 'text'; content: string }
  | { msgtype: 'markdown'; content: string }
  | { msgtype: 'textcard'; title: string; lines: { label: string; value: string }[]; text?: string | undefined; url: string; button?: string | undefined }
  | { msgtype: 'file'; media_id: string }
  | { msgtype: 'template_card'; card: TemplateCard }

export type Sent = {
  /** for recall; empty where the platform gave none */
  msgid: string
  /** allows one update of the card within 72 h; null for other messages, and for a send that was a duplicate */
  response_code: string | null
  /** userids, lower-cased by the platform, that got nothing */
  invalid: string[]
  /** userids without a base-interface licence, that got nothing */
  unlicensed: string[]
}

/** the longest interval in which the platform suppresses an identical request, seconds (90236) */
export const DUPLICATE_CHECK_SECONDS = 14_400

/**
 * The JSON of a message to members, cut to the platform's limits. Kept by the caller and sent again unchanged, it reaches each member once
 * within `DUPLICATE_CHECK_SECONDS`: the platform compares the requests.
 */
export function messageBody(agentId: number, userids: readonly string[], content: Content): string {
  return JSON.stringify({
    touser: userids.join('|'), msgtype: content.msgtype, agentid: agentId, [content.msgtype]: shape(content),
    enable_duplicate_check: 1, duplicate_check_interval: DUPLICATE_CHECK_SECONDS,
  })
}

function shape(content: Content): object {
  switch (content.msgtype) {
    case 'text': case 'markdown': return { content: cutBytes(content.content, 2048) }
    case 'file': return { media_id: content.media_id }
    case 'template_card': return fitCard(content.card)
    case 'textcard': return {
      title: cutChars(plain(content.title), 128), description: description(content), url: content.url,
      ...(content.button && { btntxt: cutChars(content.button, 4) }),
    }
  }
}

// Whole lines are left out where 512 characters do not hold them all: a cut inside would break the markup.
function description({ lines, text }: Extract<Content, { msgtype: 'textcard' }>): string {
  const pieces = [...lines.map(({ label, value }) => `${plain(label)}：${plain(cutChars(value, 100))}`), ...(text ? [plain(cutChars(text, 200))] : [])]
  let kept = ''
  for (const piece of pieces) {
    const next = `${kept}<div class="normal">${piece}</div>`
    if (next.length > 512) break
    kept = next
  }
  return kept || '<div class="normal">　</div>' // the platform refuses an empty description
}

const SendAnswer = Type.Object({
  msgid: Type.Optional(Type.String()), response_code: Type.Optional(Type.String()),
  invaliduser: Type.Optional(Type.String()), unlicenseduser: Type.Optional(Type.String()),
})
const UpdateAnswer = Type.Object({ invaliduser: Type.Optional(Type.Array(Type.String())) })
const MediaAnswer = Type.Object({ media_id: Type.String() })

export type CardUpdate = {
  userids: readonly string[]
  /** used up by this call */
  response_code: string
  /** the buttons become one grey label, or the whole card becomes another */
  to: { replace_name: string } | { card: TemplateCard }
}

export type MediaFile = { type: 'image' | 'voice' | 'video' | 'file'; filename: string; content: Uint8Array; contentType?: string }

/** Messages and media of the app. */
export function messageCalls(call: Call, agentId: number) {
  return {
    /** Sends what `messageBody` made. Throws `wecom:81013` where nobody could be reached. */
    async send(body: string): Promise<Sent> {
      const answer = await call(SendAnswer, { path: '/cgi-bin/message/send', body })
      return {
        msgid: answer.msgid ?? '', response_code: answer.response_code || null,
        invalid: list(answer.invaliduser), unlicensed: list(answer.unlicenseduser),
      }
    },
    /** Changes a card that was sent (94888); returns the members it could not be changed for. */
    async updateCard({ userids, response_code, to }: CardUpdate): Promise<string[]> {
      const { task_id: _, ...card } = 'card' in to ? fitCard(to.card) : { task_id: undefined }
      const form = 'card' in to ? { template_card: card } : { button: { replace_name: to.replace_name } }
      const body = JSON.stringify({ userids, agentid: agentId, response_code, ...form })
      return (await call(UpdateAnswer, { path: '/cgi-bin/message/update_template_card', body })).invaliduser ?? []
    },
    /** Takes a message back within 24 h (94867). */
    async recall(msgid: string): Promise<void> {
      await call(Type.Object({}), { path: '/cgi-bin/message/recall', body: JSON.stringify({ msgid }) })
    },
    /** Uploads a file for sending; the media_id lives 3 days (90253). Receivers see `filename`. */
    async upload({ type, filename, content, contentType = 'application/octet-stream' }: MediaFile): Promise<string> {
      const form = new FormData()
      form.set('media', new Blob([new Uint8Array(content)], { type: contentType }), filename)
      return (await call(MediaAnswer, { path: '/cgi-bin/media/upload', query: { type }, body: form, timeout: 60_000 })).media_id
    },
  }
}

function list(joined: string | undefined): string[] {
  return (joined ?? '').split('|').filter(Boolean)
}
