import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanFileName } from '../../src/features/services/rules/file-name.ts'

const names: [string, string, string][] = [
  ['成绩单 (最终版).pdf', 'pdf', '成绩单 (最终版).pdf'],
  ['../../etc/passwd', 'pdf', 'passwd.pdf'],
  ['C:\\Users\\li\\照片.JPG', 'jpg', '照片.jpg'],
  ['a\u0000b\r\nc.png', 'png', 'abc.png'],
  ['\u202egpj.exe', 'jpg', 'gpj.jpg'],
  ['报告.pdf.exe', 'pdf', '报告.pdf.pdf'],
  ['a<b>:"c|d?*.png', 'png', 'a_b___c_d__.png'],
  ['.htaccess', 'pdf', '附件.pdf'],
  ['...', 'pdf', '附件.pdf'],
  ['', 'pdf', '附件.pdf'],
  ['CON.pdf', 'pdf', '_CON.pdf'],
  ['名'.repeat(300), 'pdf', `${'名'.repeat(100)}.pdf`],
]

for (const [sent, extension, clean] of names) {
  test(`a file sent as ${JSON.stringify(sent.slice(0, 20))} is kept as ${clean.slice(0, 20)}`, () => assert.equal(cleanFileName(sent, extension), clean))
}
