import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What the engine, the forms and the hall can do, and the tests that prove it, each as `file: beginning of its title`. A row that gets a further proof gets
 * it here; then `node test/capabilities.ts` writes docs/capabilities.md. A row without a proof is told there as such.
 */
type Row = readonly [id: string, what: string, ...proofs: string[]]

const engine: readonly Row[] = [
  ['A1', '会签: everyone must approve', 'approvals/advance.pure: 会签: the node waits', 'approvals/races: 会签 approvers at once', 'services/seal-use: a large contract'],
  ['A2', '或签: the first approval is enough', 'approvals/advance.pure: 或签', 'approvals/races: Of two or-sign'],
  ['A3', '票签: by share of votes, with weights', 'approvals/decisions: 票签', 'services/website-change: personal data'],
  ['A4', '依次: one after the other within a step', 'approvals/properties.pure: Approved means', 'services/student-leave: a long leave'],
  ['A5', 'One of several, by lot', 'services/website-change: new content'],
  ['A6', '认领: a task of a pool is claimed and given back', 'approvals/decisions: 认领', 'services/equipment-repair: the repair team'],
  ['A7', '加签 before, after and beside', 'approvals/decisions: 加签', 'approvals/breaks.pure: Add-sign', 'services/pass-on: 加签'],
  ['A8', '减签 of who has not signed', 'approvals/decisions: 加签 before, beside and after; 减签'],
  ['A9', '转交: another decides', 'approvals/decisions: 转交', 'services/pass-on: 转交'],
  ['A10', '委派: another gives an opinion, and it comes back', 'approvals/decisions: 委派'],
  ['A11', '代理 for a period', 'approvals/decisions: 代理', 'services/pass-on: 代理人'],
  ['A12', 'Everything that a leaving person holds is handed over', 'approvals/decisions: All that a leaving', 'cases/handovers: all that somebody holds', 'cases/handovers: whoever leaves'],
  ['A13', '退回 to the applicant or to any earlier step', 'approvals/decisions: 退回', 'services/approve: what is returned', 'services/pass-on: 退回'],
  ['A14', 'After a return: straight back, or all the way again', 'approvals/breaks.pure: Repeated return straight back', 'approvals/breaks.pure: Repeated return to the initiator'],
  ['A15', '驳回 ends the whole', 'approvals/advance.pure: 会签: one rejection', 'services/approve: rejecting and returning', 'services/student-leave: three days'],
  ['A16', '拿回 while the next has not acted', 'approvals/decisions: 拿回', 'approvals/breaks.pure: Take-back'],
  ['A17', '撤回 while it runs, 撤销 after the end where the service allows it', 'approvals/decisions: 撤销', 'approvals/serial: A withdrawn', 'cases/acts: what was approved is revoked'],
  ['A18', 'Applying again with what was filled in before', 'services/approve: an old application is copied'],
  ['A19', '抄送 by a step and by hand, to each once', 'approvals/decisions: 抄送', 'services/lists: done and copied'],
  ['A20', '催办, not more often than allowed', 'approvals/serial: Urging', 'services/approve: urging'],
  ['A21', 'Conditions: the first branch that holds', 'approvals/clock: A step fills in the form', 'services/student-leave: a long leave'],
  ['A22', 'Branches side by side: all of them, or those that hold', 'approvals/advance.pure: Parallel branches open', 'services/meeting-room: video'],
  ['A23', 'Jumps by condition, bounded', 'approvals/bad-flows: Two routes', 'services/equipment-repair: what is dangerous'],
  ['A24', 'Sub-processes, waited for or not', 'approvals/breaks.pure: A sub-process', 'services/seal-use: a seal that leaves'],
  ['A25', 'Delays, and triggers that fill in fields or call another system', 'approvals/clock: A delay waits', 'approvals/clock: A delay until', 'connections/calls: a step calls', 'connections/calls: by GET'],
  ['A26', 'Whom a step falls to: by name, role, post, group, head, superiors, tutor, choice, form or condition', 'approvals/approvers.pure: who acts: ', 'services/catalogue-covers.pure: every rule', 'identity/groups: an administrator', 'services/choosing: by name or pinyin', 'browser/choosing: at … px an approver chooses'],
  ['A27', 'Nobody found: passed, refused, named people or administrators', 'approvals/assignees: Where a rule finds nobody', 'approvals/assignees: A node may refuse', 'approvals/assignees: A node may be passed'],
  ['A28', 'The applicant is found: as anyone, left out, or the superior', 'approvals/assignees: Where the applicant', 'approvals/decisions: The same person again'],
  ['A29', 'The same person again: asked again, once for all, or not right after', 'approvals/decisions: The same person again'],
  ['A30', 'Time limits in working time: reminders, others, or a decision by itself', 'approvals/clock: A limit counts', 'approvals/clock: At the limit', 'platform/working-time.pure: minutes go by'],
  ['A31', 'Each step reads, writes or does not see a field, enforced by the server', 'services/rights: what is hidden', 'services/rights: what is an approver', 'services/equipment-repair: what is dangerous'],
  ['A32', 'Versions: what runs stays on its own, or is moved after a shown difference', 'services/versions: the same text', 'cases/moves: what is under way', 'approvals/move.pure: Whatever runs'],
  ['A33', 'Deciding many at once, with a result for each', 'services/batch: 500 decided', 'services/pass-on: several at once', 'services/choosing: in a batch one choice'],
  ['A34', 'A handwritten signature where a step wants one', 'services/choosing: the chosen one gets it', 'services/choosing: drawn and approved'],
  ['A35', 'Comments and opinions with files, and asking somebody without handing over (沟通)', 'approvals/decisions: 委派 comes back with the opinion, 沟通', 'services/pass-on: 沟通', 'services/pass-on: an opinion'],
  ['A36', 'Picture and timeline, and who decides before it is sent', 'approvals/serial: The picture', 'approvals/foresee: a forecast says', 'services/forecast: without script', 'browser/forecast: at '],
  ['A37', 'Administrators reassign, jump, end and suspend, with a reason in the trail', 'approvals/decisions: An administrator', 'cases/acts: a task goes', 'cases/acts: suspended', 'cases/acts: a jump'],
  ['A38', 'Statistics: time per step and person, and what piles up', 'cases/statistics: received, decided', 'cases/statistics: persons are shown', 'cases/statistics: years that nobody', 'cases/statistics: a period that', 'cases/figures.pure: the median'],
  ['A39', 'The finished record is printed and kept as a sealed, verifiable PDF', 'documents/record: who applied gets', 'documents/record: asked for again', 'documents/record: what is taken back'],
  ['A40', 'An opinion is kept as a draft', 'services/pass-on: an opinion'],
  ['A41', 'Every application has a running number', 'services/numbers: numbers of a day'],
  ['A43', 'A flow is checked before it is published', 'approvals/check: a flow is checked', 'approvals/bad-flows: A flow ', 'services/check: every step'],
]

const hall: readonly Row[] = [
  ['B1', 'Services with their audience', 'hall/home: services for others are not offered', 'hall/home: filters stay', 'services/apply: staff read the guide', 'services/apply: a student on leave'],
  ['B2', 'Search by characters, pinyin, initials, synonyms of departments, with one mistake', 'hall/search.pure: searching', 'hall/search.pure: \'', 'hall/search.pure: the title comes', 'hall/synonyms: what was added', 'hall/home: typing'],
  ['B3', 'A guide: who may, materials, steps, time, contact', 'services/apply: staff read the guide', 'services/forecast: the service says', 'services/limits.pure: the time to fill'],
  ['B4', 'Favourites in one’s own order and what was used lately', 'hall/favourites: the star of a service', 'hall/favourites: they are put in order', 'hall/home: a service used before'],
  ['B5', 'Announcements and a carousel', 'hall/announcements: it stands on the first page', 'hall/announcements: what is for staff', 'hall/announcements: it appears and goes', 'hall/announcements: with its English', 'hall/carousel: the picture is shown', 'hall/carousel: with English words', 'hall/carousel: they stand in the order'],
  ['B6', 'Drafts are kept by themselves and announced as not sent', 'services/apply: a draft is kept', 'hall/home: what was begun', 'services/every-field: what is typed'],
  ['B7', 'What the hall knows is filled in, with its source', 'services/every-field: what the hall knows'],
  ['B8', 'Phones and mailboxes are proven', 'identity/phone: a person sets a phone', 'identity/mailbox: a mailbox counts'],
  ['B9', 'Uploads are scanned for viruses (EICAR against a real ClamAV)', 'integrations/scan: EICAR', 'services/scan: EICAR', 'services/scan: while the scanner is away', 'identity/import-scan: an infected one', 'hall/picture-scan: while the scanner'],
  ['B10', 'Tables with rows and sums', 'services/every-field: rows are added', 'services/large-form: a table of five hundred'],
  ['B11', 'Fields and sections asked by condition', 'services/every-field: a field is asked', 'services/conditions.pure: whatever stands'],
  ['B12', 'Several people fill in one form, each their own fields', 'services/rights: what is an approver', 'services/seal-use: a letter'],
  ['B14', 'Limits on who may apply, how often, how many and until when; one person is let through with a reason', 'services/limits: many want', 'services/limits: once a term', 'services/limits: one under way', 'services/limits: before it opens', 'services/limits: a draft is told', 'services/limits: after the end', 'services/limits: who may not', 'services/limits.pure: who is named', 'services/limits.pure: once a term', 'services/student-leave: a second leave'],
  ['B15', 'A page of progress, and words with the office', 'services/approve: tutor, then registrar', 'helpdesk/tickets: who is signed in', 'browser/seven-steps: at '],
  ['B16', 'Corrections asked field by field, with reasons; the clock stands still meanwhile', 'services/corrections: an application is returned', 'services/corrections: the applicant reads', 'approvals/clock: The clock stands still'],
  ['B17', 'The promised time as a day, the usual time as measured', 'services/forecast: the service says', 'services/usual-time: nine of ten', 'services/standing.pure: a promise', 'services/lists: what is over its time'],
  ['B18', 'Silence is an approval or a refusal, where a step says so', 'approvals/clock: A limit counts', 'approvals/clock: At the limit', 'approvals/breaks.pure: Time-out'],
  ['B19', 'Lists that are filtered, searched, paged and exported with chosen columns', 'services/lists: the filters', 'cases/search: applications are found', 'cases/search: pages follow', 'cases/exports: the filtered list', 'cases/exports: chosen columns', 'cases/exports: many are written'],
  ['B20', 'What was approved ends in a sealed document', 'documents/certificate: a student applies', 'services/approve: what follows an approval'],
  ['B21', '好差评 in five steps; a bad one opens a follow-up', 'ratings/ratings: who applied is asked', 'ratings/ratings: a bad one', 'ratings/ratings: whoever owes'],
  ['B22', 'Chinese and English throughout', 'contracts/phrases: every phrase', 'hall/home: in English', 'cases/acts: English'],
  ['B23', 'Legible and usable, with and without script', 'browser/every-page: every page', 'browser/without-script: a browser', 'contracts/contrast.pure: text '],
  ['B24', 'A new version reaches what is under way', 'cases/moves: what is under way', 'cases/moves: what cannot be moved', 'cases/moves: what was returned'],
  ['B25', 'Retention for each form, with proof of deletion', 'services/keeping: the service says so', 'services/keeping: two weeks before', 'services/keeping: then its content goes', 'services/keeping: what is let go', 'services/keeping: a draft', 'services/keeping: a file that a kill'],
  ['B26', 'A trail that shows when it was changed', 'admin/console: the chain of the trail', 'platform/storage: the trail is chained'],
  ['B27', 'Figures for those in charge', 'admin/console: the overview counts', 'ratings/ratings: what is over its time', 'cases/statistics: received, decided'],
]

const documents: readonly Row[] = [
  ['D1', 'Six transcripts, Chinese and English: weighted average, not split by term, grade points', 'documents/transcript-requests: the six transcripts', 'documents/transcripts: a transcript says', 'documents/layout: …: 400 rows', 'documents/layout: …: nothing runs'],
  ['D2', 'Four certificates of enrolment, with and without GPA', 'documents/requests: a student chooses', 'documents/paper: an English certificate', 'contracts/catalogue-documents: …: it is one A4 page'],
  ['D3', 'A watermarked preview without seal, on which a mistake is pointed at', 'integrations/browser-documents.pure: a preview says so', 'documents/corrections: a student points', 'documents/requests: a preview is its owner', 'browser/papers: at '],
  ['D4', 'Drawn and sealed by job: one signature over the whole file (PAdES B-B, B-T, B-LT), fonts embedded, QR and code', 'integrations/seal.pure: signs the whole file', 'integrations/seal-levels.pure: … in …', 'documents/levels: with everybody there', 'documents/levels: while the time stamp', 'documents/paper: other readers'],
  ['D5', 'By mail to oneself or to others, to WeCom, with its state; sent again; a wrong address corrected', 'documents/records: file and mail', 'documents/requests: somebody else', 'messages/mail: a mailbox that does not exist', 'messages/mail: a mail that came back', 'messages/mail-server: what a mail server', 'messages/mail: a mail whose end'],
  ['D6', 'Anyone verifies by QR, by code or with the file, which a browser checks by itself; guessing leads nowhere', 'documents/verify: a code is found', 'documents/verify: a file is told', 'documents/verify: the register answers', 'browser/verify: at ', 'browser/verify-attacks: in a browser', 'integrations/seal-attacks.pure: …: …', 'documents/guessing: a thousand guesses', 'documents/privacy: wrong codes'],
  ['D7', 'Revoked and reissued; share links with an end, a number of views and a passcode; the owner sees who asked', 'documents/records: an administrator revokes', 'documents/reissue: a corrected paper', 'documents/guessing: what took the place', 'documents/shares: a link opens', 'documents/shares: of many who open', 'documents/shares: a passcode is asked', 'documents/shares: its owner ends', 'documents/verify: who asked by code', 'browser/share: at '],
  ['D8', 'A class at once, with progress, pause, going on after a crash and an archive with an index', 'documents/batches: is checked first', 'documents/batches: is held on the way', 'documents/batches: what the browser', 'kill/bulk: a batch of'],
  ['D9', 'Grades from a spreadsheet, a CSV, JSON over HTTP or a view, with the day they are of', 'documents/grades: new and changed', 'documents/grades: errors are told', 'documents/grades: a CSV', 'documents/grade-sources: a CSV in a folder', 'documents/grade-sources: JSON over HTTP', 'documents/grade-sources: an HTTP source', 'documents/grade-sources: a view of a MariaDB', 'documents/grade-sources: a run that is broken off', 'documents/grade-sources: a reading that fails by night', 'documents/transcripts: the day of the grades'],
  ['D10', 'A kind is a file; templates are kept by their hash, and what was issued can be drawn again', 'contracts/catalogue-documents: every file', 'integrations/browser-documents.pure: a template is one text', 'documents/waiting: a document is drawn from the template', 'documents/transcripts: a paper that was issued'],
  ['C14', 'B-LTA: stamped as a whole, and again before that stamp ends; a verifier reads until when', 'integrations/seal-levels.pure: a file that can be judged', 'integrations/seal-levels.pure: a stamp that comes after', 'integrations/seal-levels.pure: an authority that is away', 'documents/levels: where it is asked for'],
  ['C19', 'Holds (fees, books, discipline) stop a paper and say why', 'documents/holds: a held student', 'documents/holds: a list of holds', 'documents/holds: a hold stops', 'documents/transcript-requests: a book'],
  ['C20', 'Fees, a free number a year, refunds, and the daily check against the bill', 'documents/paid-requests: the first one', 'documents/paid-requests: the next one', 'documents/paid-requests: where a hold', 'payments/paying: an order is paid', 'payments/paying: no notification', 'payments/paying: a forged', 'payments/refunds: the feature gives', 'payments/refunds: a payment that only the bill', 'browser/paying: a student pays'],
  ['C21', 'Graduates, and people with several student numbers', 'documents/requests: who has studied', 'documents/transcript-requests: a graduate'],
  ['C22', 'What became of a paper, from its making to its end, on a page and as a PDF, for its owner and the registrar', 'documents/log: its owner reads', 'documents/log: a registrar reads', 'documents/log: who revoked it', 'documents/levels: while the time stamp'],
  ['C23', 'Open Badges 3.0 as a verifiable credential with a status list', 'documents/credentials: the owner takes', 'documents/credentials: revoking', 'documents/verify-credential: a credential', 'documents/verify-credential: its owner reads'],
  ['C24', 'Schemes of grade points as data, printed with their rule, with check values', 'documents/gpa.pure: is in the table', 'documents/gpa.pure: which attempt counts', 'documents/gpa.pure: a cohort', 'documents/gpa.pure: 400 rows'],
  ['C25', 'A self-service terminal prints what its owner hands over from a phone, counted by year', 'documents/terminals: a registrar registers', 'documents/terminals: who scans', 'documents/terminals: what nobody touches', 'documents/terminals: six digits', 'documents/terminals: a terminal has one paper', 'documents/terminals: copies are counted', 'documents/terminals: a terminal that is offline', 'browser/terminal: a terminal is connected', 'browser/terminal: a terminal that is cut off'],
  ['C26', 'Rare characters are printed, or found before issue', 'documents/characters: a name with', 'documents/characters: what no type', 'documents/mending: a name that'],
  ['C27', 'What is away (browser, store, seal, authority) keeps papers waiting and loses none', 'documents/waiting: without a browser', 'documents/waiting: without a seal', 'documents/outages: a store that', 'documents/outages: … while', 'documents/bucket: the storage stops', 'documents/bucket: a storage that', 'documents/bucket: the storage goes away', 'documents/bucket: a batch waits', 'kill/bucket-killed: killed while', 'documents/levels: a certificate that was called back', 'kill/troubles: a browser that is killed'],
  ['C28', 'The key may be changed, or lie with a server of its own; its end is told in time', 'documents/levels: administrators are told', 'documents/levels: after a change of key', 'integrations/seal-levels.pure: a signing server'],
  ['API', 'Other systems verify and have papers issued: OpenAPI, tokens with scopes, limits and an end', 'api/calls: an office', 'api/calls: a client sees', 'api/calls: what a call may not', 'api/calls: one key', 'api/clients: a client is made', 'api/clients: whatever is wrong', 'api/clients: the limit', 'api/clients: the description'],
]

const parts = [['Approvals', engine], ['Hall and forms', hall], ['Documents', documents]] as const
const here = import.meta.dirname

/** Titles of every test file, by its name below test/. What a title is filled in with reads as …. */
const titles = new Map(globSync('**/*.test.ts', { cwd: here }).map(path => [path.slice(0, -'.test.ts'.length), titlesIn(readFileSync(join(here, path), 'utf8'))]))

function titlesIn(source: string): string[] {
  return [...source.matchAll(/\btest\((['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , title = '']) => title.replaceAll(/\$\{[^}]*\}/g, '…').replaceAll(/\\(.)/g, '$1'))
}

/** Each proof with the tests that it names: none, where the file or the title is gone. */
export function proven(): { id: string; proofs: { proof: string; file: string; titles: string[] }[] }[] {
  return parts.flatMap(([, rows]) => rows.map(([id, , ...proofs]) => ({ id, proofs: proofs.map(proof => {
    const [file = '', begin = ''] = proof.split(/: (.*)/s)
    return { proof, file, titles: (titles.get(file) ?? []).filter(title => title.startsWith(begin)) }
  }) })))
}

/** The rows as a page. */
export function capabilitiesPage(): string {
  const found = new Map(proven().map(({ id, proofs }) => [id, proofs]))
  const cell = (id: string) => found.get(id)?.map(({ file, titles: names }) => `\`${file}\` ${names.join(' · ').replaceAll('|', '\\|')}`).join('<br>') || 'no test yet'
  return [
    '# What it can do, and the tests that prove it', '',
    'Each row names the tests by file and title; `npm test -- FILE` runs one. The page is made by `node test/capabilities.ts`, which holds the rows.', '',
    ...parts.flatMap(([title, rows]) => [`## ${title}`, '', '| | capability | tests |', '| --- | --- | --- |', ...rows.map(([id, what]) => `| ${id} | ${what} | ${cell(id)} |`), '']),
  ].join('\n')
}

if (import.meta.main) writeFileSync(join(here, '../docs/capabilities.md'), capabilitiesPage())
