import type { Tx } from '../../../platform/db.ts'
import { move } from '../../../platform/machine.ts'
import { textIn } from '../../../platform/text.ts'
import type { Verdict } from '../../../integrations/scan/index.ts'
import type { Context } from '../deps.ts'
import { scanMachine } from '../rules/scan.ts'
import { getApplication } from '../store/applications.ts'
import { type Attachment, attachmentsWith } from '../store/attachments.ts'

const VERBS = { clean: 'clear', infected: 'condemn', unscannable: 'setAside' } as const

/** Writes down what the scanner said, for every attachment of these bytes; who uploaded one that cannot be used is told. */
export async function recordScan(context: Context, tx: Tx, sha256: string, verdict: Verdict): Promise<void> {
  const verb = VERBS[verdict.word]
  const open: readonly string[] = scanMachine.edges[verb].from
  for (const file of (await attachmentsWith(tx, sha256)).filter(each => open.includes(each.status))) {
    const { application_id, field } = file
    await move(tx, scanMachine, file, verb, { actor: null, ...(verdict.word === 'infected' && { subject: application_id, data: { application_id, field, virus: verdict.virus } }) })
    if (verdict.word !== 'clean') await tellUploader(context, tx, file, verdict.word)
  }
}

const TITLES = { infected: '你上传的文件里查出病毒，已经删除', unscannable: '你上传的文件无法检查病毒，别人打不开' }
const ADVICE = {
  infected: '请用杀毒软件检查你的电脑或手机，再换一个没有病毒的文件。已经提交的申请，可以请办理人退回修改后补上',
  unscannable: '文件可能加了密码，或者压缩了太多层。请换一个文件。已经提交的申请，可以请办理人退回修改后补上',
}

async function tellUploader({ messages }: Context, tx: Tx, { application_id, uploaded_by, name }: Attachment, word: keyof typeof TITLES): Promise<void> {
  if (uploaded_by === null) return
  const t = textIn('zh')
  const { title } = await getApplication(tx, application_id)
  await messages.tell(tx, {
    to: uploaded_by, kind: `services.attachment-${word}`, title: t(TITLES[word]), url: `/applications/${application_id}`, subject: application_id,
    lines: [{ label: t('文件'), value: name }, { label: t('事项'), value: title }, { label: t('怎么办'), value: t(ADVICE[word]) }],
  })
}
