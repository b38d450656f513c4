import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../platform/jobs.ts'

/** Members that somebody waits for: who joins does not stand behind a roster of 40,000. */
export const members = defineQueue('members', { concurrency: 4 })

export const pushMember = defineJob({ name: 'identity.push-member', queue: members, input: Type.Object({ userid_key: Type.String() }), lease: 60_000 })
