import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from './client.ts'
import { untilListening } from './ports.ts'
import { startServer, type PrivateServer } from './private-server.ts'

export type CasAccount = { password: string; attributes?: Record<string, string | string[]> }

// Debian's python3-django-cas-server belongs to Debian's own Python, not to whichever comes first on PATH.
const python = '/usr/bin/python3'

/** A CAS 3.0 server (django-cas-server) with these accounts, for services whose address begins with `service`; it sends single log-outs. */
export async function startCas(accounts: Readonly<Record<string, CasAccount>>, { service }: { service: string }): Promise<PrivateServer> {
  const released = new Set(Object.values(accounts).flatMap(({ attributes = {} }) => Object.keys(attributes)))
  const django = (folder: string, ...args: string[]) => [python, '-B', '-u', join(folder, 'manage.py'), ...args]
  const server = await startServer({
    name: 'cas',
    ready: /Quit the server with/,
    async prepare(folder) {
      await mkdir(join(folder, 'data'))
      await writeFile(join(folder, 'accounts.json'), JSON.stringify(accounts))
      await writeFile(join(folder, 'patterns.json'), JSON.stringify({ pattern: `^${escaped(service)}`, attributes: [...released] }))
      for (const [name, text] of Object.entries(modules)) await writeFile(join(folder, name), text)
      return [django(folder, 'migrate', '--verbosity', '0'), django(folder, 'patterns')]
    },
    command: (folder, port) => django(folder, 'runserver', '--noreload', `127.0.0.1:${port}`),
    url: port => `http://127.0.0.1:${port}`,
  })
  await untilListening(Number(new URL(server.url).port))
  return server
}

/** Signs in on the CAS server's own page, as a person does who was sent there; returns the address back at the service. */
export async function signInAtCas(address: string, username: string, password: string, browser = createClient(new URL(address).origin)): Promise<string> {
  const page = await browser.get(address.slice(new URL(address).origin.length))
  if (page.location !== null) return page.location
  const form = page.root.querySelectorAll('form').find(each => each.querySelector('[name=password]'))
  if (!form) throw new Error(`no sign-in form at ${address}: ${page.text.slice(0, 200)}`)
  const hidden = Object.fromEntries(form.querySelectorAll('input[type=hidden]').map(input => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']))
  const sent = await browser.post(page.path, { ...hidden, username, password })
  if (sent.location === null) throw new Error(`the CAS server did not sign ${username} in: ${sent.text.slice(0, 300)}`)
  return sent.location
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

const modules = {
  'manage.py': `
import os, sys
folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, folder)
os.environ['DJANGO_SETTINGS_MODULE'] = 'hall_settings'
import django
django.setup()
if sys.argv[1] == 'patterns':
    import json
    from cas_server.models import ServicePattern, ReplaceAttributName
    wanted = json.load(open(os.path.join(folder, 'patterns.json')))
    pattern = ServicePattern.objects.create(pos=1, name='hall', pattern=wanted['pattern'], single_log_out=True)
    for name in wanted['attributes']:
        ReplaceAttributName.objects.create(name=name, service_pattern=pattern)
else:
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`,
  'hall_settings.py': `
import os
folder = os.path.dirname(os.path.abspath(__file__))
SECRET_KEY = 'only for tests'
DEBUG = False
ALLOWED_HOSTS = ['*']
ROOT_URLCONF = 'hall_urls'
INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.messages', 'django.contrib.staticfiles', 'cas_server']
MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.csrf.CsrfViewMiddleware', 'django.contrib.auth.middleware.AuthenticationMiddleware', 'django.contrib.messages.middleware.MessageMiddleware', 'django.middleware.locale.LocaleMiddleware']
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True, 'OPTIONS': {'context_processors': ['django.template.context_processors.request', 'django.contrib.auth.context_processors.auth', 'django.contrib.messages.context_processors.messages']}}]
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(folder, 'data', 'cas.db'), 'OPTIONS': {'timeout': 20}}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
STATIC_URL = '/static/'
USE_TZ = True
CAS_AUTH_CLASS = 'hall_auth.Accounts'
CAS_NEW_VERSION_HTML_WARNING = False
`,
  'hall_urls.py': `
from django.urls import include, path
urlpatterns = [path('', include('cas_server.urls', namespace='cas_server'))]
`,
  'hall_auth.py': `
import json, os
from cas_server.auth import AuthUser
accounts = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'accounts.json')))
class Accounts(AuthUser):
    def test_password(self, password):
        return self.username in accounts and accounts[self.username]['password'] == password
    def attributs(self):
        return accounts.get(self.username, {}).get('attributes', {})
`,
}
