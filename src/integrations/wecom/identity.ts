import { Type } from 'typebox'
import type { Call } from './call.ts'

const text = Type.Optional(Type.String())
const UserInfo = Type.Object({ userid: text, user_ticket: text, openid: text, external_userid: text })
const Openid = Type.Object({ openid: Type.String({ minLength: 1 }) })
const UserDetail = Type.Object({ userid: Type.String(), gender: text, avatar: text, qr_code: text, mobile: text, email: text, biz_mail: text, address: text })

/** Who opened a page. A `userid` is any member of the corporation, inside the app's visible range or not. */
export type Visitor = { userid: string; user_ticket: string | null } | { userid: null; openid: string | null; external_userid: string | null }
export type PrivateDetail = { userid: string; mobile: string | null; email: string | null; biz_mail: string | null; gender: string | null; avatar: string | null }

/** Signing in (91023, 95833). */
export function identityCalls(call: Call) {
  return {
    /** Exchanges the code of web OAuth or of the QR page; it works once, within 5 minutes. */
    async visitor(code: string): Promise<Visitor> {
      const { userid, user_ticket, openid, external_userid } = await call(UserInfo, { path: '/cgi-bin/auth/getuserinfo', query: { code } })
      if (userid) return { userid, user_ticket: user_ticket || null }
      return { userid: null, openid: openid || null, external_userid: external_userid || null }
    },
    /** The member's openid under the corp id as app id, for paying (90202); 43004 where no WeChat is bound. */
    async openidOf(userid: string): Promise<string> {
      return (await call(Openid, { path: '/cgi-bin/user/convert_to_openid', body: JSON.stringify({ userid }) })).openid
    },
    /** What the member agreed to show (`snsapi_privateinfo`); the ticket lives 30 minutes. */
    async privateDetail(user_ticket: string): Promise<PrivateDetail> {
      const found = await call(UserDetail, { path: '/cgi-bin/auth/getuserdetail', body: JSON.stringify({ user_ticket }) })
      const { userid, mobile, email, biz_mail, gender, avatar } = found
      return { userid, mobile: mobile || null, email: email || null, biz_mail: biz_mail || null, gender: gender || null, avatar: avatar || null }
    },
  }
}
