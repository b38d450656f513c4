export type Source = 'wecom' | 'contacts' | 'wechat-pay'

export interface CallbacksTables {
  callbacks_received: {
    id: string
    source: Source
    /** name of the event, or the kind of the message */
    event: string
    /** of the decrypted body: events carry no message id */
    sha256: string
    /** decrypted, XML from WeCom, JSON from WeChat Pay; names people, so it is never logged */
    body: string
    received_at: number
  }
}
