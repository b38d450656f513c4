type Standard = { action: string; status: string; diagnostic?: string; name: string; /** what of ours it names: the envelope, or only the headers that came back */ by?: 'envelope' | 'headers' }

/** A delivery status notification as Postfix sends it (RFC 3464). */
export function notification({ action, status, diagnostic, name, by = 'envelope' }: Standard): string {
  return `Return-Path: <>
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: registrar@example.edu
Subject: Mail status: ${action}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.com.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
${by === 'envelope' ? `Original-Envelope-Id: ${name}\n` : ''}Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0800

Final-Recipient: rfc822; zhangsan@example.org
Action: ${action}
Status: ${status}
${diagnostic ? `Diagnostic-Code: smtp; ${diagnostic}\n` : ''}
--b1
Content-Type: text/rfc822-headers

From: registrar@example.edu
To: zhangsan@example.org
Subject: x
Message-ID: <${by === 'headers' ? name : 'another'}@hall.example.edu>

--b1--
`
}

/** As QQ Mail sends what it does not deliver: a page of its own, the original attached. */
export function qqBounce(name: string): string {
  const body = Buffer.from('<div>很抱歉您发送的邮件被退回，以下是该邮件的相关信息：</div><p>退信原因：收件人邮箱地址(zhangsan@qq.com)不存在，邮件无法送达。</p><p>host mx3.qq.com said: 550 The recipient may contain a non-existent account, please check the recipient address.</p>').toString('base64')
  return `From: "PostMaster" <PostMaster@qq.com>
To: registrar@example.edu
Subject: =?utf-8?B?${Buffer.from('来自qq.com的退信').toString('base64')}?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="q"

--q
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${body}
--q
Content-Type: message/rfc822

From: registrar@example.edu
To: zhangsan@qq.com
Subject: x
Message-ID: <${name}@hall.example.edu>

text
--q--
`
}

/** As 163 does: plain words, and the mail it is about among the references. */
export function neteaseBounce(name: string): string {
  return `From: postmaster@163.com
To: registrar@example.edu
Subject: =?utf-8?B?${Buffer.from('系统退信').toString('base64')}?=
References: <${name}@hall.example.edu>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

${Buffer.from('抱歉，您的邮件被退回来了。\n收件人邮箱容量已满，无法接收邮件。').toString('base64')}
`
}

/** Somebody is away: names our mail, and is no bounce. */
export function awayNote(name: string): string {
  return `From: postmaster@example.org
To: registrar@example.edu
Subject: =?utf-8?B?${Buffer.from('自动回复：退信').toString('base64')}?=
Auto-Submitted: auto-replied
In-Reply-To: <${name}@hall.example.edu>
Content-Type: text/plain; charset=utf-8

away
`
}

/** A person answers, quoting. */
export function answer(name: string): string {
  return `From: zhangsan@example.org
To: registrar@example.edu
Subject: Re: bounce
In-Reply-To: <${name}@hall.example.edu>
Content-Type: text/plain; charset=utf-8

550 5.1.1 thanks
`
}
