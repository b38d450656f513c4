import { checkCard } from './cards.ts'
import { WecomError } from './errors.ts'
import type { Media } from './media.ts'
import { bytes, cutBytes, cutChars, read, type Json } from './shape.ts'

/** Checks the object under the key msgtype and returns it as people will see it (cut where the platform cuts). */
type Check = (value: unknown, media: Media, safe: number) => Json

function checkUrl(url: string | undefined, name: string): string {
  if (!url) throw new WecomError(41010, name)
  if (bytes(url) > 2048) throw new WecomError(40039, name)
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) throw new WecomError(45034, name)
  return url
}

function checkFile(type: 'image' | 'voice' | 'file'): Check {
  return (value, media) => {
    const file = media.usable(read({ media_id: 'text' }, value, type).media_id, type)
    return { media_id: file.media_id, filename: file.filename, size: file.data.length }
  }
}

const article = { title: 'text', description: 'text', url: 'text', picurl: 'text', appid: 'text', pagepath: 'text' } as const

function checkNews(value: unknown, _media: Media, safe: number): Json {
  if (safe !== 0) throw new WecomError(40074)
  const { articles = [] } = read({ articles: [article] }, value, 'news')
  if (articles.length < 1 || articles.length > 8) throw new WecomError(45008)
  return {
    articles: articles.map((one) => {
      if (!one.title) throw new WecomError(41016, 'news.articles.title')
      if (!one.appid) checkUrl(one.url, 'news.articles.url')
      return { ...one, title: cutBytes(one.title, 128), description: cutBytes(one.description ?? '', 512) }
    }),
  }
}

function checkTextcard(value: unknown): Json {
  const card = read({ title: 'text', description: 'text', url: 'text', btntxt: 'text' }, value, 'textcard')
  if (!card.title) throw new WecomError(41016, 'textcard.title')
  if (!card.description) throw new WecomError(41033, 'textcard.description')
  return {
    title: cutChars(card.title, 128), description: cutChars(card.description, 512),
    url: checkUrl(card.url, 'textcard.url'), btntxt: cutChars(card.btntxt || '详情', 4),
  }
}

function checkVideo(value: unknown, media: Media): Json {
  const video = read({ media_id: 'text', title: 'text', description: 'text' }, value, 'video')
  const file = media.usable(video.media_id, 'video')
  return { media_id: file.media_id, filename: file.filename, title: cutBytes(video.title ?? '', 128), description: cutBytes(video.description ?? '', 512) }
}

const checks: Record<string, Check> = {
  text(value) {
    const { content } = read({ content: 'text' }, value, 'text')
    if (!content) throw new WecomError(44004)
    return { content: cutBytes(content, 2048) }
  },
  markdown(value) {
    const { content } = read({ content: 'text' }, value, 'markdown')
    if (!content) throw new WecomError(44004)
    if (bytes(content) > 2048) throw new WecomError(40058, 'markdown.content exceed max length 2048')
    return { content }
  },
  image: checkFile('image'),
  voice: checkFile('voice'),
  file: checkFile('file'),
  video: checkVideo,
  textcard: checkTextcard,
  news: checkNews,
  template_card(value, media) {
    const card = checkCard(value, 'send')
    for (const row of card.horizontal_content_list ?? []) if (row.type === 2) media.usable(row.media_id, 'file')
    return { ...card }
  },
}

/** The content of a message of this type; 40008 for a type that is none. */
export function checkContent(msgtype: string | undefined, body: Json, media: Media, safe: number): Json {
  const check = msgtype === undefined || !Object.hasOwn(checks, msgtype) ? undefined : checks[msgtype]
  if (msgtype === undefined || check === undefined) throw new WecomError(40008)
  if (body[msgtype] === undefined) throw new WecomError(40063, msgtype)
  return check(body[msgtype], media, safe)
}
