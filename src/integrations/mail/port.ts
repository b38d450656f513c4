export type Mail = {
  /** an address, or `name <address>` */
  from: string
  /** one address, nothing else */
  to: string
  subject: string
  text: string
  html?: string | undefined
  attachments: readonly { filename: string; content: Uint8Array; contentType: string }[]
  /** the same for the same mail, as `<id@host>`: whoever gets it twice can see that it is one */
  messageId: string
  /** asks the server, where it offers that (RFC 3461), to report what becomes of it, under this name */
  envelopeId?: string | undefined
}

export type MailReceipt = {
  accepted: boolean
  /** the last line the server said */
  response: string
}

/**
 * Outgoing mail. Throws AppError: `invalid` with `mail:<code>` where the server refused for good; `upstream` where it put us off or was
 * not reached, so that sending again is safe (`mail:4xx`: it answered, and puts us off); `upstream` with `mail:unknown` where the connection was lost after the message had begun to
 * go out: it may have arrived, and nothing in SMTP tells. `params.answer` holds what the server said.
 */
export type Mailer = { send(mail: Mail): Promise<MailReceipt> }
