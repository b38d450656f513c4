import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { agentApis, agentCheck } from './agent.ts';
import { apiRoutes } from './api.ts';
import { loadAssets } from './assets.ts';
import { cardUpdateApis } from './card-updates.ts';
import { createCallbacks } from './callbacks.ts';
import { createChanges } from './changes.ts';
import { createContacts } from './contacts.ts';
import { createCorp, type Corp } from './corp.ts';
import { departmentApis } from './departments.ts';
import { createInbox } from './inbox.ts';
import { createLimiter } from './limits.ts';
import { loginRoutes } from './login-pages.ts';
import { startMailSink } from './mail.ts';
import { createMedia } from './media.ts';
import { createMenus } from './menu.ts';
import { createMessages } from './messages.ts';
import { createOAuth } from './oauth.ts';
import { pageRoutes } from './page-routes.ts';
import { takeReply } from './passive-replies.ts';
import { createPeople } from './people.ts';
import { phoneRoutes } from './phone-routes.ts';
import { createPhones, type Phones } from './phones.ts';
import { smsRoutes } from './sms.ts';
import { createTickets } from './tickets.ts';
import { createTokens } from './token.ts';
import { calmTrouble } from './trouble.ts';
import type { ApiCall, SimulatorOptions, Sms } from './types.ts';
import type { ViewDeps } from './views.ts';

export type Parts = ReturnType<typeof createParts>;

/** All parts of the platform, wired; nothing listens yet. */
export function createParts(options: SimulatorOptions, place: { port: number }) {
  const now = options.now ?? Date.now;
  const hallAddress = options.hallAddress ?? options.hallOrigin;
  const changes = createChanges();
  const changed = changes.touch;
  const trouble = calmTrouble();
  const limiter = createLimiter(now);
  const corp = createCorp(options);
  const origin = (): string => `http://127.0.0.1:${place.port}`;
  const media = createMedia(now, origin);
  const inbox = createInbox(now, limiter);
  const app = { token: options.token, encodingAesKey: options.encodingAesKey };
  const contactsKey = options.contactsEncodingAesKey;
  const contactsChannel = options.contactsToken && contactsKey ? { token: options.contactsToken, encodingAesKey: contactsKey } : null;
  const callbacks = createCallbacks({
    corpId: options.corpId, agentId: options.agentId, app, contacts: contactsChannel, trouble, now, changed,
    urls: {
      app: options.callbackUrl ?? `${hallAddress}/wecom/callback`,
      contacts: contactsChannel ? options.contactsCallbackUrl ?? `${hallAddress}/wecom/contacts/callback` : null,
    },
    onReply: (delivery, answer) => takeReply({ corpId: options.corpId, ...app, trouble, inbox }, delivery, answer),
  });
  const people = createPeople({ corp, inbox, callbacks, now, changed });
  const contacts = createContacts({
    corp, now, origin, changed,
    left: (member) => void people.leftRange(member),
  });
  const tokens = createTokens({ ...options, now, limiter });
  const oauth = createOAuth(corp, now);
  const checkAgent = agentCheck(corp);
  const menus = createMenus(checkAgent, changed);
  const messages = createMessages({ corp, inbox, media, now, changed, checkAgent, hasCallback: () => callbacks.url('app') !== null });
  const tickets = createTickets(now, limiter);
  const platform = (): string[] => [origin(), `http://localhost:${place.port}`];
  const phones = createPhones({ hallOrigin: options.hallOrigin, hallAddress, platform, now });
  const phoneOrigin = (userid: string): string => `http://${corp.phoneLabel(userid)}.localhost:${place.port}`;
  const calls: ApiCall[] = [];
  const sms: Sms[] = [];
  const apis = {
    ...oauth.apis, ...contacts.apis, ...departmentApis(corp, changed), ...messages.apis, ...cardUpdateApis({ corp, inbox, changed }),
    ...media.apis, ...menus.apis, ...agentApis(corp, media, changed), ...tickets.apis,
    gettoken: { method: 'GET' as const, open: true, run: ({ query, ip }: { query: Record<string, string>; ip: string }) => tokens.issue(query['corpid'], query['corpsecret'], ip) },
  };
  return {
    options, place, now, changes, trouble, limiter, corp, media, inbox, callbacks, people, contacts, tokens, oauth, menus, messages, tickets, phones,
    phoneOrigin, platform, origin, calls, sms, apis,
  };
}

function isPhonePage(url: string): boolean {
  return /^\/(__phone|connect\/oauth2\/authorize|wwlogin\/sso\/login|simulator\/assets)(\/|\?|$)/.test(url);
}

/** One port for all: on a phone's host everything but its own pages is the hall. */
function frontDoor(corp: Corp, phones: Phones, rest: (request: IncomingMessage, response: ServerResponse) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const host = request.headers.host ?? '';
    const member = corp.memberOfHost(host);
    if (member && !isPhonePage(request.url ?? '/')) phones.proxy(member, `http://${host.toLowerCase()}`, request, response);
    else rest(request, response);
  };
}

/** The HTTP side and the mail sink, listening. */
export async function listen(parts: Parts): Promise<{ app: FastifyInstance; smtpUrl: string; mails: Awaited<ReturnType<typeof startMailSink>>; close(): Promise<void> }> {
  const { options, corp, phones, trouble, now, changes } = parts;
  const host = options.host ?? '127.0.0.1';
  const mail = await startMailSink({ host, port: options.smtpPort ?? 0, trouble, now, changed: changes.touch });
  const app = Fastify({
    forceCloseConnections: true, exposeHeadRoutes: true,
    serverFactory: (handler) => createServer(frontDoor(corp, phones, handler)),
  });
  const assets = loadAssets();
  const view: ViewDeps = { ...parts, mails: () => mail.mails, hallOrigin: options.hallOrigin, version: changes.version, port: () => parts.place.port };
  await app.register(async (api) => apiRoutes(api, {
    ...parts, apis: Object.fromEntries(Object.entries(parts.apis)),
    log(call) {
      parts.calls.push(call);
      if (parts.calls.length > 2000) parts.calls.shift();
      changes.touch();
    },
  }));
  loginRoutes(app, { ...parts, hallOrigin: options.hallOrigin });
  smsRoutes(app, { ...parts, changed: changes.touch });
  pageRoutes(app, { ...view, assets, changes });
  phoneRoutes(app, { ...view, ...parts, assets });
  app.get<{ Params: { id: string } }>('/media/:id', async (request, reply) => {
    const file = parts.media.picture(request.params.id);
    return file ? reply.type(file.contentType).send(file.data) : reply.code(404).send();
  });
  await app.listen({ host, port: options.port ?? 0 });
  const address = app.server.address();
  if (typeof address === 'object' && address !== null) parts.place.port = address.port;
  async function close(): Promise<void> {
    parts.callbacks.close();
    phones.close();
    app.server.closeAllConnections();
    await Promise.all([app.close(), mail.close()]);
  }
  return { app, smtpUrl: mail.url, mails: mail, close };
}
