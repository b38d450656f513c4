import { dateOf, isIdNumber } from '../../platform/id-number.ts'

/** A cell as the file has it. Numbers stay as written, so that nothing is rounded before somebody asks what it is. */
export type Cell = string | boolean | Date | { number: string }

/** Why a value cannot be taken: a phrase with its parameters, as a person at the spreadsheet should read it. */
export type Refusal = { refused: string; params?: Record<string, string | number> }

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value
}

/** Kinds of cells: each makes a reader from a cell (never an empty one) to a value or a refusal. */
export const cells = { text, name, code, idNumber, phone, email, date, decimal, choice, list }

function text(max: number): (cell: Cell) => string | Refusal {
  return cell => tooLong(tidy(cell), max)
}

/** A person's name: the several dots in use between the parts of long names become one, so that it can be found again. */
function name(max: number): (cell: Cell) => string | Refusal {
  return cell => {
    const value = tidy(cell).replace(/\s*[•‧∙・･．]\s*/g, '·').replace(/\s*·\s*/g, '·')
    // What a rare character becomes where a system could not write it: a mark, a box of one's own font, a question mark between others.
    if (/\uFFFD|\p{Co}|\p{Script=Han}[?？]|[?？]\p{Script=Han}/u.test(value)) return { refused: '姓名里有丢失的生僻字，请用国标汉字补上' }
    if (/[<>{}\d@]/.test(value)) return { refused: '姓名里有不该出现的字符' }
    return tooLong(value, max)
  }
}

/** A number that is a name (学号, 工号, 编号): zeros in front stay, full-width digits become plain. `zeros`: a long one may end in 000, who asks checks it otherwise. */
function code(max: number, { zeros = false } = {}): (cell: Cell) => string | Refusal {
  return cell => {
    const digits = typeof cell === 'object' && 'number' in cell ? wholeNumber(cell.number) : compact(cell)
    if (typeof digits !== 'string') return digits
    if (SCIENTIFIC.test(digits) || !zeros && /^\d{15}0{3,}$/.test(digits)) return LOST
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(digits)) return { refused: '只能有字母、数字和 - _ .' }
    return tooLong(digits, max)
  }
}

function idNumber(): (cell: Cell) => string | Refusal {
  return cell => {
    const digits = typeof cell === 'object' && 'number' in cell ? wholeNumber(cell.number) : compact(cell).toUpperCase()
    if (typeof digits !== 'string') return digits
    if (SCIENTIFIC.test(digits) || /^\d{15}000$/.test(digits) && !isIdNumber(digits)) return LOST
    if (!/^\d{17}[\dX]$/.test(digits)) return { refused: '身份证号要 18 位，最后一位可以是 X' }
    return isIdNumber(digits) ? digits : { refused: '身份证号的校验位不对，请核对有没有抄错' }
  }
}

/** A mainland mobile number, written with or without +86, spaces and dashes. */
function phone(): (cell: Cell) => string | Refusal {
  return cell => {
    const digits = typeof cell === 'object' && 'number' in cell ? wholeNumber(cell.number) : compact(cell).replace(/[-()]/g, '').replace(/^(\+|00)?86(?=1\d{10}$)/, '')
    if (typeof digits !== 'string') return digits
    if (SCIENTIFIC.test(digits)) return LOST
    return /^1[3-9]\d{9}$/.test(digits) ? digits : { refused: '手机号要 11 位，以 13 到 19 开头' }
  }
}

function email(): (cell: Cell) => string | Refusal {
  return cell => {
    const address = compact(cell)
    if (address.length > 254 || !/^[A-Za-z0-9._%+'-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$/.test(address)) return { refused: '电子邮箱的格式不对' }
    return address.toLowerCase()
  }
}

// Serial numbers of 1930 to 2099: what a date becomes in a column that lost its date format.
const SERIALS = { first: 10_959, last: 73_050 }

const DAY_WRITTEN = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/
const DAY_IN_DIGITS = /^(\d{4})(\d{2})(\d{2})$/

/** A day as YYYY-MM-DD, from a date cell or from text as 2023-09-01, 2023/9/1 0:00, 2023.9.1, 2023年9月1日 or 20230901. */
function date(): (cell: Cell) => string | Refusal {
  return cell => {
    if (cell instanceof Date) return dateOf(cell.getUTCFullYear(), cell.getUTCMonth() + 1, cell.getUTCDate()) ?? notADate
    const written = tidy(cell).normalize('NFKC')
    const serial = /^\d{5}(\.\d+)?$/.test(written) ? Number(written) : 0
    if (serial >= SERIALS.first && serial <= SERIALS.last) return new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * 86_400_000).toISOString().slice(0, 10)
    const parts = DAY_WRITTEN.exec(written) ?? DAY_IN_DIGITS.exec(written)
    return (parts && dateOf(Number(parts[1]), Number(parts[2]), Number(parts[3]))) ?? notADate
  }
}

const notADate: Refusal = { refused: '日期要像 2023-09-01 这样写' }

function decimal(range: { min: number; max: number }): (cell: Cell) => number | Refusal {
  return cell => {
    const written = compact(cell)
    const value = Number(written)
    if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(written) || !Number.isFinite(value)) return { refused: '要填数字' }
    if (value < range.min || value > range.max) return { refused: '要在 {min} 到 {max} 之间', params: range }
    return Number(value.toPrecision(12)) // a mark of 87.1 may be kept by Excel as 87.099999999999994
  }
}

/** One of these words; several words may mean the same. */
function choice<const Value extends string>(words: Readonly<Record<string, Value>>): (cell: Cell) => Value | Refusal {
  return cell => words[tidy(cell)] ?? words[compact(cell)] ?? { refused: '只能是：{words}', params: { words: Object.keys(words).join('、') } }
}

/** Several words with 、 ， or ； between them; `each` reads one of them. */
function list(max: number, each: (word: string) => string | Refusal = word => word): (cell: Cell) => string[] | Refusal {
  return cell => {
    const words = tidy(cell).split(/\s*[、，,;；]\s*/).filter(word => word !== '')
    if (words.length > max) return { refused: '最多 {max} 项', params: { max } }
    const read = words.map(each)
    return read.find(one => typeof one !== 'string') ?? read.filter(one => typeof one === 'string')
  }
}

/** What a person sees in the cell: composed, without invisible characters and the spaces around it. */
export function tidy(cell: Cell): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  const written = typeof cell === 'object' ? cell.number : String(cell)
  if (/^[!#-&(-~][!-~]*$/.test(written)) return written // most cells: nothing to tidy
  return written.normalize('NFC').replace(/\p{Cf}|[\p{Cc}--[\n\t]]/gv, '').replace(/[\s\u3000]+/gu, ' ').trim().replace(/^'/, '')
}

/** The same without any space, full-width forms made plain. */
function compact(cell: Cell): string {
  return tidy(cell).normalize('NFKC').replace(/\s+/g, '')
}

// Excel keeps 15 digits and fills up with zeros, or shows 1.1E+17 and saves that as text: what the person typed is no longer there.
const LOST: Refusal = { refused: 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填' }
const SCIENTIFIC = /^\d(\.\d+)?E\+?\d+$/i

function wholeNumber(written: string): string | Refusal {
  const value = Number(written)
  if (!Number.isInteger(value) || value < 0) return { refused: '这里要填号码，不是小数' }
  if (value >= 1e15) return LOST
  return String(value)
}

function tooLong(value: string, max: number): string | Refusal {
  return [...value].length > max ? { refused: '不能超过 {max} 个字', params: { max } } : value
}
