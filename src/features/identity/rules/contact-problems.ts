type Problem = {
  /** what the person reads, with the next step */
  person: string
  /** what the operator reads */
  operator: string
}

const desk = '学校暂时不能把你加入企业微信通讯录，请联系学校信息中心'

// The codes are the platform's (90313); `contacts:…` are our own.
const problems: Readonly<Record<string, Problem>> = {
  'wecom:40003': { person: '你的学工号不能用作企业微信账号，请联系学校信息中心', operator: '企业微信不接受这个账号：只能是 1 到 64 位字母、数字和 _-@.，以字母或数字开头；或者成员已离开企业' },
  'wecom:45024': { person: '学校企业微信的账号数已用完，请联系学校信息中心', operator: '企业的账号数已到上限，请先扩容' },
  'wecom:60011': { person: desk, operator: '通讯录同步没有编辑这个成员或部门的权限' },
  'wecom:60102': { person: '企业微信里已经有一个和你的学工号相同的账号，请联系学校信息中心核对', operator: '通讯录里已有这个账号，但不是由这里建立的' },
  'wecom:60103': { person: '手机号不对，请核对后重新填写', operator: '手机号不合要求：只能有数字、+ 和 -，最长 32 位' },
  'wecom:60104': { person: '这个手机号已经是企业微信通讯录里另一个成员的。如果那是你以前的学工号，请先解除那个学工号的绑定；如果不是，请换一个手机号，或者联系学校信息中心', operator: '手机号已经是通讯录里另一个成员的：核对是旧学工号的成员还没有删除，还是手机号换了主人' },
  'wecom:60105': { person: '邮箱不对，请核对后重新填写', operator: '邮箱不合要求' },
  'wecom:60106': { person: '这个邮箱已经是企业微信通讯录里另一个成员的，请换一个邮箱，或者联系学校信息中心', operator: '邮箱已经是通讯录里另一个成员的' },
  'wecom:60110': { person: desk, operator: '成员所属的部门太多，最多 20 个' },
  'wecom:60111': { person: desk, operator: '通讯录里没有这个成员，或者直属上级不在通讯录里' },
  'wecom:60112': { person: desk, operator: '姓名是空的，或者超过 64 个字' },
  'wecom:60123': { person: desk, operator: '部门编号不对' },
  'wecom:60124': { person: desk, operator: '上级部门编号不对' },
  'wecom:60127': { person: desk, operator: '没有所属部门' },
  'wecom:60129': { person: '加入企业微信需要手机号，请先填写手机号', operator: '没有可以提供的手机号（没有登记，或者本人没有同意提供给企业微信），也没有邮箱；企业微信要求至少有一个' },
  'wecom:81001': { person: desk, operator: '部门里的成员已有 30000 个，放不下了' },
  'wecom:81002': { person: desk, operator: '部门超过 15 级' },
  'wecom:301005': { person: desk, operator: '企业的创建者不能删除' },
  'wecom:45026': { person: desk, operator: '一次删除的成员太多，被企业微信的保护拦下，请在企业微信管理后台确认' },
  'wecom:60001': { person: desk, operator: '部门名称的长度不对' },
  'wecom:60003': { person: desk, operator: '通讯录里没有这个部门' },
  'wecom:60004': { person: desk, operator: '通讯录里没有上级部门' },
  'wecom:60005': { person: desk, operator: '部门里还有成员，不能删除' },
  'wecom:60006': { person: desk, operator: '部门下面还有部门，不能删除' },
  'wecom:60007': { person: desk, operator: '根部门不能删除' },
  'wecom:60008': { person: desk, operator: '同一个上级下面已有同名的部门' },
  'wecom:60009': { person: desk, operator: '部门名称含有不允许的字符' },
  'wecom:60010': { person: desk, operator: '部门的上下级成了环' },
  'wecom:45009': { person: '企业微信正忙，稍后会自动再试', operator: '接口调用次数超过限制，稍后自动再试' },
  'wecom:no-contacts-secret': { person: '学校还没有开通通讯录同步，请联系学校信息中心把你加入企业微信', operator: '没有配置通讯录同步的 Secret（WECOM_CONTACTS_SECRET），不能写通讯录' },
  'contacts:other-person': { person: '企业微信里和你的学工号相同的账号写着另一个姓名，请联系学校信息中心核对', operator: '通讯录里这个账号是另一个姓名的，没有改动。核对以后选择“以本校为准”才会写入' },
  'contacts:unseen': { person: '企业微信里已经有一个和你的学工号相同的账号，请联系学校信息中心核对', operator: '通讯录里已有这个账号，但不在应用的可见范围里，看不到是谁。请核对，或者扩大应用的可见范围' },
  'contacts:mobile-kept': { person: '企业微信里的手机号只能由你自己在企业微信里修改', operator: '成员已激活，手机号只能由本人在企业微信中修改' },
  'contacts:too-deep': { person: desk, operator: '部门超过 15 级，没有写入；成员放在上一级部门' },
}

// Settings that are wrong, accidents on the way, and codes that nobody expected.
const other: Problem = { person: '企业微信暂时没有接受，请稍后再看；一直这样请联系学校信息中心', operator: '企业微信没有接受（{code}）' }

/** The problem of a code in words; `{code}` may stand in the operator's sentence. */
export function problemOf(code: string): Problem {
  return problems[code] ?? other
}
