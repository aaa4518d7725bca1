import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { plainFetch } from './plain-fetch.js';

let server: Server;
const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
beforeEach(async () => {
  server = createServer(async (request, response) => {
    if (request.url === '/moved') return void response.writeHead(308, { location: '/' }).end();
    if (request.url === '/broken')
      return void response.writeHead(200, { 'content-length': 9 }).write('[', () => response.destroy());
    if (request.url === '/silent') return;
    if (request.url?.startsWith('/busy/')) {
      const type = `text/${request.url.slice('/busy/'.length)}`;
      response.writeHead(429, { 'content-type': type, 'retry-after': '7', 'x-cause': 'überlastet' });
      return void response.end('{}');
    }
    let asked = '';
    for await (const part of request) asked += part;
    const { method, headers } = request;
    response.writeHead(201, { 'x-request-id': 'r1' });
    response.end(JSON.stringify({ method, asked, key: headers.authorization, encoding: headers['accept-encoding'] }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const post = (path: string, signal?: AbortSignal) =>
  plainFetch(urlOf(path), { method: 'POST', body: '{}', headers: { authorization: 'k' }, signal: signal ?? null });

it('sends a text and takes the answer whole', async () => {
  const answer = await post('/');
  expect([answer.ok, answer.status, answer.headers.get('x-request-id')]).toEqual([true, 201, 'r1']);
  expect(await answer.json()).toEqual({ method: 'POST', asked: '{}', key: 'k', encoding: 'identity' });
});

// Read as UTF-8, such a header is nothing that `Headers` takes: the call failed without its status, or never ended.
it.each(['json', 'plain'])('tells all of a failure in text/%s, though a header of it is not ASCII', async (type) => {
  const answer = await post(`/busy/${type}`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  expect(await answer.text()).toBe('{}');
});

// undici takes no header but `authorization` for a key when it follows: that of Anthropic is another.
it('sends neither key nor prompt to where an address has moved', async () => {
  await expect(post('/moved')).rejects.toMatchObject({ cause: { message: expect.stringContaining('has moved to /') } });
});

it('fails as fetch does: with what caused it, or as it was told to end', async () => {
  const ending = new AbortController();
  const silent = post('/silent', ending.signal);
  ending.abort();
  await expect(silent).rejects.toMatchObject({ name: 'AbortError' });
  await expect((await post('/broken')).text()).rejects.toThrow('other side closed');
  const gone = urlOf('/');
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await expect(plainFetch(gone)).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
});
