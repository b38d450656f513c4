import type { Db, Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { Actor } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Right } from '../../platform/rights.ts'
import { createBuiltin } from './builtin.ts'
import { createCampus, keepsPasswords } from './campus.ts'
import { withGround } from './compose-members.ts'
import { createConfirm } from './confirm.ts'
import type { Context, Deps } from './deps.ts'
import { directoryOf, headOf, tutorOf } from './directory.ts'
import { labels } from './events.ts'
import { factsOf } from './facts.ts'
import { importRoster } from './import-roster.ts'
import { createKnownDevices } from './known-device.ts'
import { createContacts } from './contacts.ts'
import { createJobs } from './jobs.ts'
import { grantWork } from './jobs/grants.ts'
import { accountRoutes } from './routes/account.ts'
import { accountHelpRoutes } from './routes/admin-accounts.ts'
import { bindingMoveRoutes } from './routes/admin-bindings.ts'
import { factorResetRoutes } from './routes/admin-factor.ts'
import { groupRoutes } from './routes/admin-groups.ts'
import { importRoutes } from './routes/admin-import.ts'
import { peopleRoutes } from './routes/admin-people.ts'
import { roleListRoutes, roleRoutes } from './routes/admin-roles.ts'
import { campusMachineRoutes, campusRoutes } from './routes/campus.ts'
import { deviceRoutes } from './routes/devices.ts'
import { firstUseRoutes } from './routes/first-use.ts'
import { registrationRoutes } from './routes/admin-registration.ts'
import { identityRoutes } from './routes/identities.ts'
import { joinPublicRoutes, joinRoutes } from './routes/join.ts'
import { unbindingRoutes, unboundRoutes } from './routes/unbinding.ts'
import { factorRoutes } from './routes/factor.ts'
import { loginRoutes } from './routes/login.ts'
import { logoutRoutes } from './routes/logout.ts'
import { mailboxLinkRoutes, mailboxRoutes } from './routes/mailbox.ts'
import { memberPhoneRoutes } from './routes/member-phone.ts'
import { passwordRoutes } from './routes/password.ts'
import { phoneRoutes } from './routes/phone.ts'
import { resetRoutes } from './routes/reset.ts'
import { wecomRoutes } from './routes/wecom.ts'
import { NOTICE } from './rules/grants.ts'
import { importMachine } from './rules/import.ts'
import { standings } from './rules/standing.ts'
import { personalOf, wholeOf } from './personal.ts'
import { sealedColumns } from './sealed.ts'
import { createSessionStore } from './sessions.ts'
import { wecomUseridOf, wecomUseridsOf } from './store/bindings.ts'
import { contactRow, knownNumbers, numbersOf, peopleByIds, peopleByNumbers, personById, personByNumber, personByWecomUserid } from './store/people.ts'
import { reachIn } from './reach.ts'
import { countEnding, selectHolders, selectServiceHolders } from './store/roles.ts'
import { searchPeople } from './store/search.ts'
import { studentsOf } from './store/students.ts'
import { listUnits, unitByCode, unitById, unitTree } from './store/units.ts'
import type { Reach } from './rules/roles.ts'
import type { ImportKind } from './tables.ts'
import { resetPassword } from './verbs/account.ts'
import { bind, unbind } from './verbs/binding.ts'
import { createCodes } from './verbs/codes.ts'
import { joinGroup, makeGroup } from './verbs/groups.ts'
import { grantRole, type GrantRules, type Granting } from './verbs/roles.ts'
import { createVault } from './vault.ts'
import { createVisits } from './visits.ts'

export { WECOM_PHONE } from './compose-members.ts'
export type { Reach } from './rules/roles.ts'
export type { GroupUse, ScopePlace, SeparateConsents, WecomSignIn } from './deps.ts'
export type { DirectoryPerson } from './directory.ts'
export { emailChanged, passwordChanged, phoneChanged, phoneMoved, signedIn, signedOut, wecomBound, wecomMoved, wecomUnbound } from './events.ts'
export { memberReturned } from './events-contacts.ts'
export { rosterImported, standingMarked } from './events-roster.ts'
export { roleEnding, roleGranted, roleLapsed, roleRenewed, roleRevoked } from './events-roles.ts'
export { factorEnrolled, factorReset } from './events-factor.ts'
export { roleLabel } from './rules/roles.ts'
export type { ImportReport } from './import-roster.ts'
export type { ContactSettings, ContactsPort } from './jobs/push-member.ts'
export { maskDocument, maskEmail, maskName, maskNumber, maskPhone } from './rules/mask.ts'
export { readPhone } from './rules/phone.ts'
export { safeReturnTo } from './rules/return-to.ts'
export type { Person } from './store/people.ts'
export type { Found, Search } from './store/search.ts'
export type { Unit } from './store/units.ts'
export type { ImportKind } from './tables.ts'

export type Identity = ReturnType<typeof createIdentity>

/** People, units, roles, sign-in and the binding to WeCom. */
export function createIdentity(deps: Deps) {
  const vault = createVault(deps.keyring)
  const builtin = createBuiltin({ db: deps.database.db, clock: deps.clock, vault, digits: deps.initialPasswordDigits, days: deps.initialPasswordDays, proof: deps.firstUseProof })
  const campus = createCampus(builtin, deps.campusAuth)
  const confirm = createConfirm({ ...deps, campus })
  const devices = createKnownDevices({ keyring: deps.keyring, secure: deps.publicUrl.startsWith('https:') })
  const codes = createCodes({ ...deps, vault, perAddressPerHour: deps.smsPerAddressPerHour })
  const grantRules: GrantRules = { separate: deps.separateAdmins ?? true, places: () => deps.places?.() ?? [] }
  const context: Context = { ...deps, consents: () => withGround(deps.consents(), deps.contactSettings), vault, campus, confirm, devices, codes, grantRules, visitOf: createVisits(deps.campusNetworks) }
  const contacts = createContacts(context)
  return {
    name: 'identity',
    labels: { ...labels, ...contacts.labels },
    jobs: [...createJobs(context), ...contacts.jobs, grantWork(deps.database)],
    reactions: contacts.reactions,
    sealed: sealedColumns(vault),
    personal: (db, person_id) => personalOf(db, vault, person_id),
    machines: [importMachine, ...contacts.machines],
    hallMenu: [
      { group: '我的', label: '账户信息', href: '/account', tab: 'user' },
      { group: '我的', label: '切换身份', href: '/account/identity' },
      { group: '我的', label: '已登录的设备', href: '/account/devices' },
    ],
    consoleMenu: [
      { group: '人员', label: '人员', href: '/admin/people', icon: 'people', right: 'people.read' },
      { group: '人员', label: '角色', href: '/admin/roles', below: '/admin/grants/', icon: 'shield', right: 'roles.grant' },
      { group: '人员', label: '工作组', href: '/admin/groups', icon: 'people', right: 'groups.manage' },
      { group: '人员', label: '导入名单', href: '/admin/import', icon: 'upload', right: 'roster.import' },
      { group: '人员', label: '注册二维码', href: '/admin/registration', icon: 'qr', right: 'accounts.help' },
      ...contacts.consoleMenu,
    ],
    machineRoutes: campusMachineRoutes(context),
    publicRoutes: async app => {
      for (const routes of [loginRoutes, logoutRoutes, campusRoutes, ...keepsPasswords(campus) ? [firstUseRoutes, resetRoutes] : [], wecomRoutes, memberPhoneRoutes, mailboxLinkRoutes, joinPublicRoutes, unboundRoutes]) await app.register(routes(context))
    },
    routes: async app => {
      for (const routes of [accountRoutes, ...keepsPasswords(campus) ? [passwordRoutes] : [], phoneRoutes, mailboxRoutes, deviceRoutes, factorRoutes, identityRoutes, unbindingRoutes, joinRoutes]) await app.register(routes(context))
    },
    console: [
      { right: 'people.read', routes: peopleRoutes(context) },
      { right: 'accounts.help', routes: accountHelpRoutes(context) },
      { right: 'accounts.help', routes: registrationRoutes(context) },
      { right: 'accounts.help', routes: bindingMoveRoutes(context), recent: true },
      { right: 'roles.grant', routes: roleListRoutes(context) },
      { right: 'roles.grant', routes: roleRoutes(context), recent: true },
      { right: 'groups.manage', routes: groupRoutes(context) },
      { right: 'factors.reset', routes: factorResetRoutes(context), recent: true },
      { right: 'roster.import', routes: importRoutes(context) },
      ...contacts.console,
    ],

    sessionStore: createSessionStore({ db: deps.database.db, clock: deps.clock, secondFactor: deps.secondFactor ?? false }),

    personById, personByNumber, peopleByIds, peopleByNumbers, knownNumbers, numbersOf, searchPeople, studentsOf, unitById, unitByCode, listUnits, unitTree, factsOf,
    tutorOf, headOf,
    /** How many roles end within two weeks. */
    rolesEndingSoon: async (db: Db): Promise<number> => await countEnding(db, deps.clock.now(), deps.clock.now() + NOTICE),
    /** Person ids of those who hold the role now for the unit: granted for it, for a unit above it, or for everything. Without a unit, all holders. */
    holdersOf: (db: Db, role: string, unit_id?: string): Promise<string[]> => selectHolders(db, deps.clock.now(), role, unit_id),
    /** Person ids of those who hold the role now for this service; without a grant for the service, for its department or for everything. */
    async holdersForService(db: Db, role: string, { service_key, unit_id }: { service_key: string; unit_id: string | null }): Promise<string[]> {
      const own = await selectServiceHolders(db, deps.clock.now(), role, service_key)
      return own.length > 0 ? own : await selectHolders(db, deps.clock.now(), role, unit_id ?? '')
    },
    /** How far the right goes that the person's roles bring: everything, or departments (those below included) and services. */
    reachOf: (db: Db, person_id: string, right: Right): Promise<Reach> => reachIn(db, deps.clock, person_id, right),
    admins: (db: Db): Promise<string[]> => selectHolders(db, deps.clock.now(), 'admin'),
    directory: (db: Db) => directoryOf(db, deps.clock),
    wecomUseridOf, wecomUseridsOf,
    /** Who acts when this member of WeCom does: the bound number's person, unless they have left. */
    async personByWecomUserid(db: Db, userid: string): Promise<{ person_id: string; number: string; name: string } | null> {
      const person = await personByWecomUserid(db, userid)
      return person && standings[person.standing].signsIn ? { person_id: person.id, number: person.number, name: person.name } : null
    },
    /** A person's document, telephone number and mailbox, whole; whoever asks leaves a record first. */
    wholeOf: (db: Db, person_id: string) => wholeOf(db, vault, person_id),
    /** Where a person is reached outside WeCom; the phone is opened for this alone. */
    async contactOf(db: Db, person_id: string): Promise<{ email: string | null; phone: string | null }> {
      const row = await contactRow(db, person_id)
      if (!row) throw new AppError('not-found', '没有找到这个人')
      return { email: row.email, phone: row.phone_sealed === null ? null : vault.open('phone', row.phone_sealed) }
    },

    /** Reads WeCom's address book for the first time; nothing where that was done. */
    readAddressBook: contacts.readAddressBook,
    bind, unbind, resetPassword, makeGroup, joinGroup,
    grantRole: (tx: Tx, actor: Actor | null, granting: Granting): Promise<string> => grantRole(tx, grantRules, actor, granting),
    /** Reads and writes a roster at once, slice by slice, for the command line and the demo; people use the console. */
    importRoster: (kind: ImportKind, bytes: Uint8Array, options: Parameters<typeof importRoster>[3]) => importRoster(context, kind, bytes, options),
  } satisfies Feature & Record<string, unknown>
}
