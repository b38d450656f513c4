import type { Entry } from '../hall/index.ts'

const STUDIED = ['enrolled', 'suspended', 'graduated', 'withdrawn']
const EVERYBODY = [...STUDIED, 'employed']

/** The papers among the services of the hall. */
export const entries: readonly Entry[] = [
  { key: 'documents-transcripts', title: '电子成绩单', summary: '中英文成绩单，先看预览图，签章后发到邮箱', category: '学籍与证明', icon: 'certificate', href: '/documents/new/transcripts', words: ['成绩', '绩点', 'GPA', '加权平均分', '中文成绩单', '英文成绩单', 'transcript'], audience: STUDIED },
  { key: 'documents-certificates', title: '电子证明', summary: '中英文在读证明，可以带 GPA，不用审批', category: '学籍与证明', icon: 'certificate', href: '/documents/new/certificates', words: ['中文在读证明', '英语在读证明', '不用审批的证明', 'certificate'], audience: STUDIED },
  { key: 'documents-records', title: '申请记录', summary: '已经办的成绩单和证明：下载、重新发送、分享、作废', category: '学籍与证明', icon: 'list', href: '/documents', words: ['重新发送'], audience: EVERYBODY },
  { key: 'documents-verify', title: '真伪认证', summary: '用二维码、验证码或文件核验学校出具的证明', category: '学籍与证明', icon: 'shield', href: '/verify', words: ['验证码', '核验', '查验', '防伪', 'verify'], audience: EVERYBODY },
]
