export type Course = { code: string; name: string; english: string; credit: number; nature: '必修' | '选修'; term: number; scale: 'percent' | 'five' | 'two' }

/** `term credit name / English`, a line each; a leading * is an elective, † is graded 优秀 to 不及格, ‡ 合格 or 不合格. */
function read(prefix: string, lines: string): Course[] {
  return lines.trim().split('\n').map((line, at) => {
    const [, mark = '', term = '', credit = '', name = '', english = ''] = /^\s*([*†‡]*)(\d) ([\d.]+) (.+?) \/ (.+)$/.exec(line) ?? []
    return {
      code: `${prefix}${String(at + 1).padStart(3, '0')}`, name, english, credit: Number(credit), term: Number(term),
      nature: mark.includes('*') ? '选修' : '必修', scale: mark.includes('†') ? 'five' : mark.includes('‡') ? 'two' : 'percent',
    }
  })
}

export const common = read('GE', `
  1 3 思想道德与法治 / Ideology, Morality and the Rule of Law
  1 3 大学英语（一） / College English I
  †1 1 体育（一） / Physical Education I
  ‡1 2 军事技能 / Military Training
  2 3 中国近现代史纲要 / Outline of Modern Chinese History
  2 3 大学英语（二） / College English II
  †2 1 体育（二） / Physical Education II
  3 3 马克思主义基本原理 / Basic Principles of Marxism
  3 2 大学英语（三） / College English III
  †3 1 体育（三） / Physical Education III
  4 3 毛泽东思想和中国特色社会主义理论体系概论 / Introduction to Mao Zedong Thought and Socialism with Chinese Characteristics
  †4 1 体育（四） / Physical Education IV
  *5 1.5 艺术鉴赏 / Art Appreciation
  *6 2 科技文献检索 / Scientific Literature Search
  ‡7 0.5 形势与政策 / Situation and Policy`)

export const groups: Readonly<Record<string, readonly Course[]>> = {
  letters: read('CL', `
  1 3 现代汉语（上） / Modern Chinese I
  1 3 中国古代文学史（一） / History of Ancient Chinese Literature I
  2 3 现代汉语（下） / Modern Chinese II
  2 3 中国古代文学史（二） / History of Ancient Chinese Literature II
  3 4 古代汉语 / Classical Chinese
  3 3 中国现代文学史 / History of Modern Chinese Literature
  *3 2 民间文学 / Folk Literature
  4 3 文学概论 / Introduction to Literary Theory
  4 3 中国当代文学史 / History of Contemporary Chinese Literature
  *4 2 诗词格律与写作 / Classical Poetry: Metre and Composition
  5 3 外国文学史 / History of Foreign Literature
  5 3 语言学概论 / Introduction to Linguistics
  *5 2 红楼梦研究 / Studies of Dream of the Red Chamber
  6 3 美学原理 / Principles of Aesthetics
  6 2 文献学 / Philology
  †6 2 学年论文 / Term Paper
  7 3 比较文学 / Comparative Literature
  †8 8 毕业论文 / Graduation Thesis`),
  mathematics: read('MA', `
  1 5 数学分析（一） / Mathematical Analysis I
  1 4 高等代数（一） / Advanced Algebra I
  2 5 数学分析（二） / Mathematical Analysis II
  2 4 高等代数（二） / Advanced Algebra II
  3 5 数学分析（三） / Mathematical Analysis III
  3 3 解析几何 / Analytic Geometry
  3 3 概率论 / Probability Theory
  4 3 常微分方程 / Ordinary Differential Equations
  4 3 数理统计 / Mathematical Statistics
  *4 2 数学建模 / Mathematical Modelling
  5 3 实变函数 / Real Analysis
  5 3 复变函数 / Complex Analysis
  *5 3 随机过程 / Stochastic Processes
  6 3 泛函分析 / Functional Analysis
  6 3 数值分析 / Numerical Analysis
  †6 2 统计软件实践 / Practice of Statistical Software
  7 3 偏微分方程 / Partial Differential Equations
  †8 8 毕业论文 / Graduation Thesis`),
  computing: read('CS', `
  1 5 高等数学（一） / Advanced Mathematics I
  1 4 程序设计基础 / Fundamentals of Programming
  2 5 高等数学（二） / Advanced Mathematics II
  2 3 离散数学 / Discrete Mathematics
  3 4 数据结构 / Data Structures
  3 3 线性代数 / Linear Algebra
  3 3 数字逻辑 / Digital Logic
  4 4 计算机组成原理 / Computer Organisation
  4 3 概率论与数理统计 / Probability and Statistics
  *4 2 Web 应用开发 / Web Application Development
  5 4 操作系统 / Operating Systems
  5 3 计算机网络 / Computer Networks
  *5 2 人工智能导论 / Introduction to Artificial Intelligence
  6 3 数据库系统 / Database Systems
  6 3 编译原理 / Compiler Principles
  †6 2 软件工程课程设计 / Software Engineering Project
  7 3 信息安全 / Information Security
  †8 8 毕业设计 / Graduation Project`),
  electronics: read('PE', `
  1 5 高等数学（一） / Advanced Mathematics I
  1 4 力学 / Mechanics
  2 5 高等数学（二） / Advanced Mathematics II
  2 3 热学 / Thermal Physics
  3 4 电路分析 / Circuit Analysis
  3 3 电磁学 / Electromagnetism
  †3 1 普通物理实验 / General Physics Laboratory
  4 4 模拟电子技术 / Analogue Electronics
  4 3 光学 / Optics
  *4 2 MATLAB 程序设计 / MATLAB Programming
  5 4 数字电子技术 / Digital Electronics
  5 3 信号与系统 / Signals and Systems
  *5 2 传感器原理 / Principles of Sensors
  6 3 量子力学 / Quantum Mechanics
  6 3 单片机原理 / Microcontroller Principles
  †6 2 电子工艺实习 / Electronics Workshop
  7 3 通信原理 / Principles of Communication
  †8 8 毕业设计 / Graduation Project`),
  business: read('EM', `
  1 4 微积分 / Calculus
  1 3 管理学原理 / Principles of Management
  2 3 微观经济学 / Microeconomics
  2 3 基础会计 / Principles of Accounting
  3 3 宏观经济学 / Macroeconomics
  3 3 统计学 / Statistics
  3 3 中级财务会计 / Intermediate Financial Accounting
  4 3 财务管理 / Financial Management
  4 3 货币银行学 / Money and Banking
  *4 2 商务礼仪 / Business Etiquette
  5 3 国际贸易实务 / International Trade Practice
  5 3 成本会计 / Cost Accounting
  *5 2 证券投资分析 / Securities Investment Analysis
  6 3 审计学 / Auditing
  6 3 税法 / Tax Law
  †6 2 企业模拟经营 / Business Simulation
  7 3 战略管理 / Strategic Management
  †8 8 毕业论文 / Graduation Thesis`),
  languages: read('FL', `
  1 4 综合英语（一） / Comprehensive English I
  1 3 英语语音 / English Phonetics
  2 4 综合英语（二） / Comprehensive English II
  2 2 英语听力 / English Listening
  3 4 综合英语（三） / Comprehensive English III
  3 3 英语写作 / English Writing
  3 2 英语口语 / Oral English
  4 3 英国文学 / British Literature
  4 3 笔译基础 / Basics of Translation
  *4 2 跨文化交际 / Intercultural Communication
  5 3 美国文学 / American Literature
  5 3 英语语言学 / English Linguistics
  *5 2 第二外语（法语） / Second Foreign Language (French)
  6 3 口译基础 / Basics of Interpreting
  6 2 学术英语 / Academic English
  †6 2 翻译工作坊 / Translation Workshop
  7 3 高级英语 / Advanced English
  †8 8 毕业论文 / Graduation Thesis`),
  biology: read('LS', `
  1 4 无机及分析化学 / Inorganic and Analytical Chemistry
  1 3 植物学 / Botany
  2 4 有机化学 / Organic Chemistry
  2 3 动物学 / Zoology
  3 4 生物化学 / Biochemistry
  3 3 微生物学 / Microbiology
  †3 1 生物化学实验 / Biochemistry Laboratory
  4 3 细胞生物学 / Cell Biology
  4 3 遗传学 / Genetics
  *4 2 生物统计学 / Biostatistics
  5 3 分子生物学 / Molecular Biology
  5 3 生态学 / Ecology
  *5 2 食品营养学 / Food Nutrition
  6 3 发酵工程 / Fermentation Engineering
  6 3 免疫学 / Immunology
  †6 2 野外实习 / Field Practice
  7 3 生物信息学 / Bioinformatics
  †8 8 毕业论文 / Graduation Thesis`),
  arts: read('AR', `
  †1 4 设计素描 / Drawing for Design
  1 3 艺术概论 / Introduction to Art
  †2 4 设计色彩 / Colour for Design
  2 3 中国美术史 / History of Chinese Art
  †3 4 字体设计 / Typography
  3 3 西方艺术史 / History of Western Art
  3 2 图形创意 / Creative Graphics
  †4 4 版式设计 / Layout Design
  4 2 摄影基础 / Basics of Photography
  *4 2 民族音乐 / Folk Music
  †5 4 品牌设计 / Brand Design
  5 3 数字媒体 / Digital Media
  *5 2 插画 / Illustration
  †6 4 包装设计 / Package Design
  6 2 设计心理学 / Psychology of Design
  †6 2 专业考察 / Field Study
  †7 3 综合设计 / Integrated Design
  †8 8 毕业设计 / Graduation Project`),
  masters: read('GR', `
  1 2 新时代中国特色社会主义理论与实践 / Theory and Practice of Socialism with Chinese Characteristics
  1 3 硕士学术英语 / Academic English for Masters
  1 3 学科前沿专题 / Frontiers of the Discipline
  2 2 研究方法与学术规范 / Research Methods and Academic Integrity
  2 3 专业理论研讨 / Seminar on Theory
  ‡2 1 学术报告 / Academic Lectures`),
}
