import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const nothing = Type.Object({})

export const announcementPublished = defineEvent('hall.announcement-published', nothing)
export const announcementChanged = defineEvent('hall.announcement-changed', nothing)
export const announcementRemoved = defineEvent('hall.announcement-removed', nothing)
export const slideAdded = defineEvent('hall.slide-added', nothing)
export const slideChanged = defineEvent('hall.slide-changed', nothing)
export const slideRemoved = defineEvent('hall.slide-removed', nothing)
/** The subject is the service's key. */
export const synonymsChanged = defineEvent('hall.synonyms-changed', nothing)

export const labels: Record<string, EventLabel> = {
  [announcementPublished.name]: { text: '{actor} 发布了公告', tone: 'quiet' },
  [announcementChanged.name]: { text: '{actor} 修改了公告', tone: 'quiet' },
  [announcementRemoved.name]: { text: '{actor} 删除了公告', tone: 'bad' },
  [slideAdded.name]: { text: '{actor} 添加了轮播图', tone: 'quiet' },
  [slideChanged.name]: { text: '{actor} 修改了轮播图', tone: 'quiet' },
  [slideRemoved.name]: { text: '{actor} 删除了轮播图', tone: 'bad' },
  [synonymsChanged.name]: { text: '{actor} 修改了搜索词', tone: 'quiet' },
}
