import type { ContactSettings, ContactsPort, createIdentity } from '../../src/features/identity/index.ts'
import { contactCalls } from '../../src/integrations/wecom/contacts.ts'
import { AppError } from '../../src/platform/errors.ts'

/** An address book that never answers, for tests that have none. */
export const noContacts: ContactsPort = {
  writesContacts: false,
  ...contactCalls(async () => { throw new AppError('upstream', '没有得到企业微信的回答', { code: 'wecom:unreachable' }) }),
}

export const contactSettings: ContactSettings = { push: 'joined', phones: 'agreed', leavers: 'disable', invite: false, root: 1, perMinute: 1000 }

/** Nothing was ever received. */
export const noCallbacks: Parameters<typeof createIdentity>[0]['callbacks'] = {
  async bodyOf() { throw new AppError('not-found', '没有找到这条回调') },
}
