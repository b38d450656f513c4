import type { Language } from '../../platform/text.ts'

/** The first of ours that a header `Accept-Language` names; what is liked best stands first with all that people use. */
export function languageOf(accepted: string | undefined): Language {
  return /(?:^|,)\s*(zh|en)\b/i.exec(accepted ?? '')?.[1]?.toLowerCase() === 'en' ? 'en' : 'zh'
}
