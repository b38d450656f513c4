import type { Language, T } from '../../../platform/text.ts'
import { AUDIENCES, momentText, stageOf } from '../rules/showing.ts'
import type { TypedSlide } from '../rules/slide.ts'
import type { Slide } from '../store/slides.ts'
import { periodFields, stageTag } from './period.ts'
import { languageOf, saidIn, translated } from './words.ts'

/** A picture as the carousel draws it. */
export function slidePage(language: Language, { link, picture, ...said }: Pick<Slide, 'title' | 'title_en' | 'link' | 'picture'>) {
  const title = saidIn(language, said.title, said.title_en)
  return { title, href: link, image: `/pictures/${picture}`, lang: languageOf(title) }
}

/** The console's list, and the carousel as readers have it now. */
export function slidesPage(t: T, slides: readonly Slide[], now: number) {
  return {
    title: t('轮播图'), lead: t('首页顶部的图片。没有图片时，首页显示自带的一张'),
    actions: [{ label: t('添加图片'), kind: 'main', icon: 'plus', href: '/admin/slides/new' }],
    preview: slides.filter(slide => stageOf(slide, now) === 'shown').map(slide => slidePage('zh', slide)),
    slides: slides.map((slide, at) => ({
      ...slidePage('zh', slide), id: slide.id, stage: stageTag(t, slide, now), audience: t(AUDIENCES[slide.audience]), starts_at: slide.starts_at, ends_at: slide.ends_at, first: at === 0, last: at === slides.length - 1,
      edit: `/admin/slides/${slide.id}`, removal: `/admin/slides/${slide.id}/removal`, placing: `/admin/slides/${slide.id}/place`,
    })),
  }
}

export const BLANK_SLIDE: TypedSlide = { title: '', title_en: '', link: '/services', audience: 'all', starts: '', ends: '', picture: '' }

export function typedOf({ title, title_en, link, audience, starts_at, ends_at, picture }: Slide): TypedSlide {
  return { title, title_en: title_en ?? '', link, audience, starts: momentText(starts_at), ends: momentText(ends_at), picture }
}

type Form = { id: string; typed: TypedSlide; faults?: Record<string, string>; action: string; isNew: boolean }

export function slideForm(t: T, { id, typed, faults = {}, action, isNew }: Form) {
  const errors = translated(t, faults)
  return {
    title: isNew ? t('添加轮播图') : t('修改轮播图'), back: { label: t('轮播图'), href: '/admin/slides' }, id, action, errors, picture: typed.picture,
    preview: typed.picture === '' ? null : slidePage('zh', { ...typed, title: typed.title || t('文字') }),
    upload: { name: 'file', label: t('图片'), accept: '.png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp', icon: 'image', required: true, error: errors['file'], help: t('宽是高的三倍最合适，如 1200 × 400；PNG、JPG 或 WebP，不超过 5 MB'), kept: typed.picture === '' ? [] : [{ label: t('已选的图片'), href: `/pictures/${typed.picture}` }] },
    fields: [
      { name: 'title', label: t('文字'), value: typed.title, error: errors['title'], required: true, maxlength: 80, help: t('显示在图片下边，看不到图片的人也靠它知道内容') },
      { name: 'title_en', label: t('英文文字'), value: typed.title_en, error: errors['title_en'], maxlength: 240, help: t('可以不填。用英文界面的人会看到英文') },
      { name: 'link', label: t('点击后打开'), value: typed.link, error: errors['link'], required: true, maxlength: 300, help: t('大厅里的地址，如 /services，或 https:// 开头的网址') },
      ...periodFields(t, typed, errors),
    ],
  }
}

export function slideRemoval(t: T, { id, title }: Slide) {
  return {
    title: t('删除轮播图'), heading: false,
    confirm: { title: t('删除轮播图'), sentence: t('删除轮播图“{title}”？', { title }), effects: [t('所有人的首页上马上不再显示，不能恢复')], danger: true, action: `/admin/slides/${id}/removal`, label: t('删除'), back: '/admin/slides' },
  }
}
