// What each command runs and which programs of the system it needs. A list, so that it can be read at a glance.

/** Folders with programs that are not on everybody's PATH (mariadbd is in /usr/sbin). */
export const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/**
 * A need: one of `programs` must be there (a name is looked for on PATH and in `folders`, a path as it is)
 * or one of `files`, which nobody starts. `package` is Debian's that brings it; `variable` may name another place; `downloads` are folders in puppeteer's cache.
 * The browser's places are those in which src/integrations/browser looks.
 */
const browser = {
  what: 'a browser without a window, which draws the PDFs',
  programs: [
    '/usr/lib/chromium/chromium-headless-shell', '/usr/lib/chromium-browser/chromium-headless-shell',
    '/usr/lib/chromium/chromium', '/usr/lib64/chromium-browser/chromium-browser', '/opt/google/chrome/chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  downloads: ['chrome-headless-shell', 'chrome'],
  package: 'chromium-headless-shell',
  variable: 'CHROMIUM_PATH',
  elsewhere: 'npx puppeteer browsers install chrome-headless-shell, or set CHROMIUM_PATH to a browser you have',
}
const mariadb = { what: 'MariaDB', programs: ['mariadbd'], package: 'mariadb-server' }
const mariadbSetup = { what: "MariaDB's set-up", programs: ['mariadb-install-db'], package: 'mariadb-server' }
const redis = { what: 'Redis', programs: ['redis-server'], package: 'redis-server' }
const pdfsig = { what: 'a checker of PDF signatures', programs: ['pdfsig'], package: 'poppler-utils' }
const pdftotext = { what: 'a reader of PDF text', programs: ['pdftotext'], package: 'poppler-utils' }
const pdftoppm = { what: 'a painter of PDF pages', programs: ['pdftoppm'], package: 'poppler-utils' }
const qpdf = { what: 'a checker of PDF structure', programs: ['qpdf'], package: 'qpdf' }
const certutil = { what: 'a store for test certificates', programs: ['certutil'], package: 'libnss3-tools' }
const zbarimg = { what: 'a QR reader', programs: ['zbarimg'], package: 'zbar-tools' }
const slapd = { what: 'an LDAP directory', programs: ['slapd'], package: 'slapd' }
const cas = { what: 'a CAS server', programs: [], files: ['/usr/lib/python3/dist-packages/cas_server/__init__.py'], package: 'python3-django-cas-server' }
const clamd = { what: 'a virus scanner', programs: ['clamd'], package: 'clamav-daemon' }
const dovecot = { what: 'an IMAP server', programs: ['dovecot'], package: 'dovecot-imapd' }
const exim = { what: 'a mail server', programs: ['exim4'], package: 'exim4-daemon-light' }
const openssl = { what: 'a checker of signatures and a time stamp authority', programs: ['openssl'], package: 'openssl' }
const wrk = { what: 'a load generator', programs: ['wrk'], package: 'wrk' }

/**
 * runs: file and first arguments, handed to the project's Node · dev: needs the devDependencies too ·
 * without: what to say when a need cannot be met and the command goes on all the same ·
 * quiet: prints nothing while there is nothing to do.
 */
export const commands = {
  demo: {
    says: 'the whole product with sample data and the WeCom simulator',
    runs: ['src/main.ts', 'demo'], needs: [browser], dev: false, quiet: false,
    without: 'Everything else works; documents wait until there is one.',
  },
  test: {
    says: 'lint, types and all tests', runs: ['test/run.ts'], dev: true, quiet: false,
    needs: [browser, pdfsig, pdftotext, pdftoppm, qpdf, certutil, zbarimg, mariadb, mariadbSetup, redis, slapd, cas, clamd, dovecot, exim, openssl],
  },
  start: { says: 'production', runs: ['src/main.ts', 'start'], needs: [], dev: false, quiet: true },
  migrate: { says: 'brings the database up', runs: ['src/main.ts', 'migrate'], needs: [], dev: false, quiet: true },
  bench: {
    says: 'every figure as a ratio to its limit', runs: ['test/bench/run.ts'], dev: true, quiet: false,
    needs: [browser, mariadb, mariadbSetup, redis, wrk],
  },
  wecom: { says: 'diff or apply: wecom-config/ against WeCom', runs: ['src/main.ts', 'wecom'], needs: [], dev: false, quiet: true },
  campus: { says: 'whether the school\'s sign-in answers, and whom it knows', runs: ['src/main.ts', 'campus'], needs: [], dev: false, quiet: true },
  'rotate-keys': { says: 'seals everything personal with the first secret of HALL_SECRET', runs: ['src/main.ts', 'rotate-keys'], needs: [], dev: false, quiet: true },
  import: { says: 'a roster from the command line: units, staff or students and an .xlsx', runs: ['src/main.ts', 'import'], needs: [], dev: false, quiet: true },
  screenshots: {
    says: "the README's pictures", runs: ['test/screenshots.ts'], needs: [browser, pdftoppm], dev: true, quiet: false,
  },
}
