import { indexOf, search } from '../../src/features/hall/rules/search.ts'
import { compareCalls } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'

const SERVICES = 2000
const SHOWN = 30
const OFFICES = ['教务处', '学生处', '研究生院', '人事处', '财务处', '后勤处', '图书馆', '保卫处', '信息中心', '国际处']
const THINGS = ['在读证明', '网站变更申请', '学生请假', '用印申请', '会议室预约', '设备报修', '校园卡补办', '宿舍调整', '成绩复核', '奖学金申请', '出国交流', '车辆通行证', '教室借用', '差旅报销', '论文送审', '医保登记', '账号开通', '场地预约', '户籍迁出', '档案查询']
const SYNONYMS = ['证明', '盖章', '公章', '请假条', '病假', '打印机', '签证', '补卡', '换宿舍', '查分', '借教室', '报账', '通行', 'certificate', 'network account']

/** One question of each kind: characters, pinyin, initials, a word of the guide, nothing, and mistakes in both scripts. */
const QUESTIONS = ['在读', 'zaiduzheng', 'zdzm', '申请 财务', '综合科', '毕业典礼', '在渎证明', 'zaiduzhemgming']

/** What one question over as many services as a large university has costs, against the same index asked for the characters of a title alone. */
export const searching: Figure = {
  stores: ['sqlite'],
  async measure(_t, { rounds }) {
    const index = indexOf(Array.from({ length: SERVICES }, (_, at) => service(at)))
    const ask = async (typed: string) => { search(index, typed, SHOWN) }
    const rows = []
    for (const typed of QUESTIONS) {
      rows.push(rowOf(await compareCalls(rounds, 50, { ours: () => ask(typed), limit: () => ask('在读') }), { name: `search '${typed}' in ${SERVICES.toLocaleString('en')} services (limit: '在读')`, unit: 'ms', digits: 2 }))
    }
    return rows
  },
}

function service(at: number) {
  const office = OFFICES[at % OFFICES.length] ?? ''
  const thing = THINGS[Math.floor(at / OFFICES.length) % THINGS.length] ?? ''
  return {
    item: at, title: `${office}${thing}${at < OFFICES.length * THINGS.length ? '' : `（${Math.floor(at / (OFFICES.length * THINGS.length))}类）`}`,
    synonyms: Array.from({ length: 6 }, (_, which) => SYNONYMS[(at + which * 7) % SYNONYMS.length] ?? ''),
    guide: ['在籍在读的本科生和研究生，以及有工号的教职工。休学、退学、已毕业的不能办理。', '需要材料原件的扫描件，由综合科受理，审核后由系统发送结果。', `${office}办公室，行政楼 ${100 + at % 400}`],
  }
}
