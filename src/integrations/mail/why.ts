const FULL = '对方的邮箱满了'

/** What a server's words mean to a person, by RFC 3463 where it gives a code of that, else by what such servers usually say. The first that fits. */
const MEANINGS: readonly { enhanced: RegExp; words: RegExp; means: string }[] = [
  { enhanced: /^[45]\.(2\.2|3\.1)$/, words: /over ?quota|quota exceed|mailbox (is )?full|insufficient (system )?storage|storage (limit|allocation)|空间不足|已满|容量/i, means: FULL },
  { enhanced: /^[45]\.(2\.3|3\.4)$/, words: /message (size|too (large|big))|size (limit|exceed)|too large|邮件(太|过)大|大小超/i, means: '邮件太大，对方的服务器不收' },
  { enhanced: /^[45]\.(1\.[16]|1\.10|2\.1)$/, words: /no such (user|mailbox|recipient)|(user|mailbox|recipient|account)( address)? (is )?(unknown|not found|unavailable|disabled)|unknown (user|recipient|mailbox)|does(n't| not) exist|not exist|invalid (user|recipient|mailbox)|不存在|无此用户|查无此人|已停用|被禁用/i, means: '没有这个邮箱，请核对地址' },
  { enhanced: /^[45]\.(1\.[23]|4\.[46])$/, words: /host (unknown|not found)|domain (not found|does not exist)|no (mx|route)|name or service not known|域名/i, means: '这个地址的域名收不了邮件，请核对地址' },
  { enhanced: /^[45]\.7\.\d+$/, words: /spam|blocked|blacklist|block ?list|policy|reputation|spf|dkim|dmarc|rejected due to content|垃圾邮件|拒绝接收|黑名单|频率/i, means: '对方的邮件服务器按自己的规定拒收，可能当成了垃圾邮件' },
  { enhanced: /^[45]\.4\.7$/, words: /expired|timed? ?out|too long|given up|超时/i, means: '对方的邮件服务器一直没有收下' },
]

export const REFUSED = '对方邮件服务器拒收了这封邮件'

/** Why a mail was not taken, as a phrase. `status`: an enhanced status code (5.1.1) where it is known apart from the words. */
export function whyRefused(words: string, status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(words)?.[0]): string {
  const byStatus = status === undefined ? undefined : MEANINGS.find(({ enhanced }) => enhanced.test(status))
  return (byStatus ?? MEANINGS.find(meaning => meaning.words.test(words)))?.means ?? REFUSED
}

/** Why a mail was not taken for now: of most such answers the server's word is that it may be taken later, and no more. */
export function whyPutOff(words: string): string {
  return whyRefused(words) === FULL ? FULL : '邮件服务器暂时没有收下这封邮件'
}
