import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { signToken } from '../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { callerHeaders } from '../app/runtime/caller.js';
import type { Identity } from '../app/runtime/identity.js';
import { agentApi, chatApi, memoryApi, type Operation, orchestratorApi, ragApi } from '../contract/index.js';
import { ada, askPlatform } from './support/ask-platform.js';

const bob: Identity = { user: 'bob', tenant: 'acme', tier: 'enterprise' };
const eve: Identity = { user: 'ada', tenant: 'globex', tier: 'enterprise' };

/** What ada alone may see. */
const OWN = 'zephyr-7431';
/** What everybody of ada's tenant may see. */
const SHARED = 'walrus-2208';

/** What each route that takes a body is sent: something that would bring ada's data to light, were it not hers. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /api/chat': { session: 's1', message: 'What is my locker code?' },
  'POST /chat/async': { session: 's1', message: 'What is my locker code?' },
  'POST /api/embeddings': { texts: ['What is the locker code?'] },
  'POST /api/documents': new TextEncoder().encode('A document of somebody else.'),
  'POST /api/search': { query: 'locker code' },
  'POST /api/agent': { task: 'Search the documents for the locker code.' },
  'POST /api/feedback': { metric: 'answer_score', value: 1 },
  'POST /experiments/{id}/outcomes': { id: 'o1', metric: 'answer_score', value: 1 },
  'POST /v1/route': { prompt: 'What is my locker code?' },
  'POST /v1/chat/completions': { model: 'auto-rag', messages: [{ role: 'user', content: 'What is the locker code?' }] },
  'POST /v1/embeddings': { model: 'auto', input: 'locker code' },
};

/** Routes whose answer must be that there is no such thing. */
const unknownTo = {
  bob: ['GET /tasks/{id}', 'DELETE /tasks/{id}', 'GET /api/sessions/{session}', 'DELETE /api/sessions/{session}'],
  eve: ['GET /api/documents/{id}/original', 'DELETE /api/documents/{id}'],
};

describe('two users of one platform', () => {
  let platform: EmbeddedPlatform;
  let routes: string[];
  let ids: { task: string; document: string };

  async function request(route: string, as: Identity, body = bodies[route], query = '') {
    const [method = '', path = ''] = route.split(' ');
    const id = path.startsWith('/api/documents') ? ids?.document : ids?.task;
    const url = path.replace('{id}', id ?? '').replace('{session}', 's1') + query;
    const headers = body instanceof Uint8Array ? { 'content-type': 'text/plain' } : {};
    return askPlatform(platform, url, { method, body, as, headers });
  }
  const readOwn = async () => {
    const found = await Promise.all(
      ['GET /tasks/{id}', 'GET /api/sessions/{session}', 'GET /api/documents/{id}/original'].map((route) =>
        request(route, ada),
      ),
    );
    return found.map(({ status, text }) => [status, text.includes(OWN) || text.includes(SHARED)]);
  };
  const ALL_THERE = [
    [200, true],
    [200, true],
    [200, true],
  ];

  beforeAll(async () => {
    platform = await startPlatform({ port: 0, logLevel: 'silent', env: {}, clock: Date.now });
    const { paths } = (await request('GET /docs/json', ada)).json() as { paths: Record<string, object> };
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const content = new TextEncoder().encode(`The locker code of the office is ${SHARED}.`);
    const uploaded = (await request('POST /api/documents', ada, content, '?source=office.txt')).json();
    const message = `My locker code is ${OWN}. What is the locker code of the office?`;
    const { task_id: task } = (await request('POST /chat/async', ada, { session: 's1', message })).json();
    ids = { task, document: uploaded.document_id };
    expect((await request('GET /tasks/{id}', ada, undefined, '?wait_ms=20000')).json().status).toBe('completed');
    await request('POST /api/feedback', ada);
    expect(await readOwn()).toEqual(ALL_THERE);
  });
  afterAll(() => platform.close());

  it.each([
    ['bob', bob, [OWN]],
    ['eve', eve, [OWN, SHARED]],
  ] as const)('no registered route gives %s what is not theirs', async (name, user, secrets) => {
    const unsaid = routes.filter((route) => route.startsWith('POST') && bodies[route] === undefined);
    expect(unsaid).toEqual([]); // a route that is new: say above what it is sent
    expect(routes.length).toBeGreaterThan(20);
    // What deletes goes last, in the order of the routes of one's own data.
    const inOrder = routes.toSorted((a, b) => Number(a.startsWith('DELETE')) - Number(b.startsWith('DELETE')));
    for (const route of inOrder) {
      const isBobs = name === 'bob' && unknownTo.eve.includes(route);
      if (isBobs) continue; // The documents of a tenant are all its users'.
      const query = route === 'POST /api/documents' ? `?source=${name}.txt` : '';
      const { status, text } = await request(route, user, bodies[route], query);
      expect([route, secrets.filter((secret) => text.includes(secret))]).toEqual([route, []]);
      const expected = [...unknownTo.bob, ...(name === 'eve' ? unknownTo.eve : [])].includes(route) ? 404 : 'any';
      // What bob says in a session of the same name is his own.
      const own = route.includes('/api/sessions');
      if (expected === 404 && !own) expect([route, status]).toEqual([route, 404]);
      expect([route, status < 500]).toEqual([route, true]);
    }
    expect(await readOwn()).toEqual(ALL_THERE);
  });

  it('no operation of a service gives another identity ada’s data, should one reach it past the gateway', async () => {
    const operations: readonly Operation[] = [chatApi, memoryApi, ragApi, agentApi, orchestratorApi].flatMap((api) =>
      Object.values<Operation>(api),
    );
    for (const { service, method, path } of operations.filter(
      (one) => one.method === 'GET' || one.method === 'DELETE',
    )) {
      const id = service.name === ragApi.original.service.name ? ids.document : ids.task;
      const url = path.replace(':id', id).replace(':session', 's1');
      const base = platform.urls[service.name as keyof typeof platform.urls];
      const headers = callerHeaders({ identity: eve, requestId: 'test', traceparent: '' });
      const response = await fetch(new URL(url, base), { method, headers });
      const text = await response.text();
      expect([path, text.includes(OWN), text.includes(SHARED)]).toEqual([path, false, false]);
      // Whose answers rest on a document it forgets for the caller's tenant alone, and does not know which documents there are.
      const expected = path === orchestratorApi.forgetAnswers.path ? 200 : 404;
      if (/:id|:session/.test(path)) expect([method, path, response.status]).toEqual([method, path, expected]);
      const anonymous = await fetch(new URL(url, base), { method });
      await anonymous.body?.cancel();
      expect([path, anonymous.status]).toEqual([path, 401]);
    }
    expect(await readOwn()).toEqual(ALL_THERE);
  });

  it('a connection of one hears nothing of the other’s tasks', async () => {
    const socket = new WebSocket(new URL('/ws/chat', platform.urls.gateway.replace('http', 'ws')), {
      headers: { authorization: `Bearer ${await signToken(platform.secret, eve, Date.now)}` },
    });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    await request('POST /api/chat', ada, { session: 's1', message: `Remember ${OWN} again.` });
    socket.send(JSON.stringify({ session: 's1', message: 'What is my locker code?', task_id: ids.task }));
    await new Promise<void>((done) => {
      socket.on('message', (data) => {
        if (/"status":"(completed|failed)"/.test(String(data))) done();
      });
    });
    socket.close();
    expect(heard.join()).not.toMatch(new RegExp(`${OWN}|${SHARED}`));
  });

  it('one that wants to be forgotten is, and the other loses nothing', async () => {
    const said = async (user: Identity) => {
      await request('POST /api/chat', user, { session: 'mine', message: `I am of ${user.tenant}. What is a locker?` });
      return request('GET /api/sessions/{session}', user);
    };
    await said(bob);
    await said(eve);
    const bobsTask = JSON.parse(
      (await request('POST /chat/async', bob, { session: 's1', message: 'I stay.' })).text,
    ).task_id;
    const adas = ids.task;
    ids = { ...ids, task: bobsTask };
    await request('GET /tasks/{id}', bob, undefined, '?wait_ms=20000');
    ids = { ...ids, task: adas };
    const spending = (await request('GET /api/spending', bob)).text;

    const gone = await request('DELETE /api/users/me', ada);
    expect(gone.status).toBe(200);
    const { tasks, sessions, ledger_entries } = gone.json();
    expect(Math.min(tasks, sessions, ledger_entries)).toBeGreaterThan(0);

    expect((await request('GET /tasks/{id}', ada)).status).toBe(404);
    expect((await request('GET /api/sessions/{session}', ada)).status).toBe(404);
    expect((await request('GET /api/spending', bob)).text).toBe(spending);
    expect((await request('GET /api/documents/{id}/original', bob)).text).toContain(SHARED);
    expect((await request('GET /api/sessions/{session}', bob)).status).toBe(200);
    expect((await request('GET /api/sessions/{session}', eve)).status).toBe(200);
    ids = { ...ids, task: bobsTask };
    expect((await request('GET /tasks/{id}', bob, undefined, '?wait_ms=20000')).json().status).toBe('completed');
    ids = { ...ids, task: adas };
    const again = await request('DELETE /api/users/me', ada);
    expect(again.json()).toEqual({ tasks: 0, sessions: 0, ledger_entries: 0 });
  });
});
