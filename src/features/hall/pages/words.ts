import type { Language } from '../../../platform/text.ts'

/** In the reader's language; where nobody wrote the English, as it is. */
export function saidIn(language: Language, words: string, english: string | null): string {
  return language === 'en' && english ? english : words
}

/** What somebody wrote in Chinese is Chinese on an English page too, and is to be read aloud so. */
export function languageOf(text: string): 'zh-CN' | undefined {
  return /\p{Script=Han}/u.test(text) ? 'zh-CN' : undefined
}

/** The sentences of what is wrong, in the reader's language. */
export function translated(t: (phrase: string) => string, faults: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(faults).map(([field, sentence]) => [field, t(sentence)]))
}
