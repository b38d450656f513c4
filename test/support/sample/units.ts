export type Major = { code: string; name: string; english: string; courses: string }
export type Unit = { code: string; name: string; english: string; kind: '学院' | '部门'; majors: Major[] }

const office = (code: string, name: string, english: string): Unit => ({ code, name, english, kind: '部门', majors: [] })
const school = (code: string, name: string, english: string, majors: Major[]): Unit => ({ code, name, english, kind: '学院', majors })

/** The fifteen departments; a major names its group of courses in courses.ts. */
export const units: readonly Unit[] = [
  school('0101', '文学院', 'School of Chinese Language and Literature', [
    { code: '01', name: '汉语言文学', english: 'Chinese Language and Literature', courses: 'letters' },
    { code: '02', name: '新闻学', english: 'Journalism', courses: 'letters' },
  ]),
  school('0102', '数学与统计学院', 'School of Mathematics and Statistics', [
    { code: '01', name: '数学与应用数学', english: 'Mathematics and Applied Mathematics', courses: 'mathematics' },
    { code: '02', name: '统计学', english: 'Statistics', courses: 'mathematics' },
  ]),
  school('0103', '计算机学院', 'School of Computer Science', [
    { code: '01', name: '计算机科学与技术', english: 'Computer Science and Technology', courses: 'computing' },
    { code: '02', name: '软件工程', english: 'Software Engineering', courses: 'computing' },
  ]),
  school('0104', '物理与电子工程学院', 'School of Physics and Electronic Engineering', [
    { code: '01', name: '电子信息工程', english: 'Electronic Information Engineering', courses: 'electronics' },
    { code: '02', name: '物理学', english: 'Physics', courses: 'electronics' },
  ]),
  school('0105', '经济管理学院', 'School of Economics and Management', [
    { code: '01', name: '会计学', english: 'Accounting', courses: 'business' },
    { code: '02', name: '国际经济与贸易', english: 'International Economics and Trade', courses: 'business' },
  ]),
  school('0106', '外国语学院', 'School of Foreign Languages', [
    { code: '01', name: '英语', english: 'English', courses: 'languages' },
    { code: '02', name: '翻译', english: 'Translation and Interpreting', courses: 'languages' },
  ]),
  school('0107', '生命科学学院', 'School of Life Sciences', [
    { code: '01', name: '生物科学', english: 'Biological Science', courses: 'biology' },
    { code: '02', name: '食品科学与工程', english: 'Food Science and Engineering', courses: 'biology' },
  ]),
  school('0108', '艺术学院', 'School of Arts', [
    { code: '01', name: '视觉传达设计', english: 'Visual Communication Design', courses: 'arts' },
    { code: '02', name: '音乐学', english: 'Musicology', courses: 'arts' },
  ]),
  office('0201', '教务处', 'Academic Affairs Office'),
  office('0202', '学生处', 'Student Affairs Office'),
  office('0203', '信息中心', 'Information Centre'),
  office('0204', '图书馆', 'Library'),
  office('0205', '党政办公室', 'Office of Party and University Administration'),
  office('0206', '后勤管理处', 'Logistics and Facilities Office'),
  office('0207', '党委宣传部', 'Publicity Office'),
]

export const schools = units.filter(unit => unit.kind === '学院')
