import { defineMachine } from '../../../platform/machine.ts'
import { rosterImported } from '../events.ts'

/** An uploaded roster: looked at, then taken or dropped. */
export const importMachine = defineMachine({
  name: 'identity.import',
  table: 'identity_imports',
  edges: {
    apply: { from: ['checked'], to: 'applying' },
    finish: { from: ['applying'], to: 'done', emits: rosterImported },
    drop: { from: ['checked'], to: 'dropped' },
  },
  sentences: { applying: '这份名单正在导入', done: '这份名单已经导入过了', dropped: '这份名单已经放弃了，请重新上传' },
})
