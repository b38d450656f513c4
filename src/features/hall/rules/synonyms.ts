const LONGEST = 40
const MOST = 50

/** One word a line (or between commas), each once, without those that the service's file has. */
export function readSynonyms(typed: string, known: readonly string[]): { words: string[]; faults: Record<string, string> } {
  const words = [...new Set(typed.split(/[\n,，、;；]/).map(word => word.trim()).filter(Boolean))].filter(word => !known.includes(word))
  const long = words.some(word => [...word].length > LONGEST)
  return { words, faults: long ? { words: '每个词最多 40 字' } : words.length > MOST ? { words: '一项服务最多添加 50 个词' } : {} }
}
