import type { Figure } from './figure.ts'

/** The figures by the word that chooses one: each file of this folder's parent. */
export const figures: Record<string, () => Promise<Figure>> = {
  'hall-page': async () => (await import('../hall-page.ts')).hallPage,
  home: async () => (await import('../home.ts')).home,
  received: async () => (await import('../received.ts')).received,
  search: async () => (await import('../search.ts')).searching,
  'sign-in': async () => (await import('../sign-in.ts')).signIn,
  decision: async () => (await import('../decision.ts')).decision,
  advance: async () => (await import('../advance.ts')).advancing,
  'at-once': async () => (await import('../at-once.ts')).atOnce,
  documents: async () => (await import('../documents.ts')).documents,
  preview: async () => (await import('../preview.ts')).preview,
  bulk: async () => (await import('../bulk.ts')).bulk,
  tagged: async () => (await import('../tagged.ts')).tagging,
  memory: async () => (await import('../memory.ts')).memory,
  jobs: async () => (await import('../jobs.ts')).jobs,
  contacts: async () => (await import('../contacts.ts')).contacts,
  verify: async () => (await import('../verify.ts')).verifying,
  roster: async () => (await import('../roster.ts')).roster,
}
