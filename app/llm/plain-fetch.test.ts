import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer as toBuffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { requestLimits } from '../../contract/index.js';
import { plainFetch } from './plain-fetch.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const PACKING: Record<string, (body: Buffer) => Buffer> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};
function* endless() {
  const some = Buffer.alloc(1_048_576, ' ');
  for (;;) yield some;
}

let server: Server;
const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
beforeEach(async () => {
  server = createServer(async (request, response) => {
    if (request.url === '/moved') return void response.writeHead(308, { location: '/' }).end();
    if (request.url === '/broken')
      return void response.writeHead(200, { 'content-length': 9 }).write('[', () => response.destroy());
    if (request.url === '/silent') return;
    if (request.url === '/liar') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}');
    if (request.url === '/marked') return void response.writeHead(200, JSON_TYPE).end('\uFEFF{"a":1}');
    if (request.url?.startsWith('/endless/')) {
      response.writeHead(200, { 'content-type': `text/${request.url.slice('/endless/'.length)}` });
      const more = Readable.from(endless()).pipe(response);
      return void response.once('close', () => more.destroy());
    }
    if (request.url?.startsWith('/packed/')) {
      const [, , encoding = '', type = ''] = request.url.split('/');
      const body = type === 'bomb' ? Buffer.alloc(requestLimits.providerAnswerBytes + 1) : Buffer.from('{"a":1}');
      const headers = { 'content-type': `text/${type}`, 'content-encoding': encoding };
      return void response.writeHead(200, headers).end(PACKING[encoding]?.(body) ?? body);
    }
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

it('reads JSON that begins with a byte order mark', async () => {
  expect(await (await post('/marked')).json()).toEqual({ a: 1 });
});

it.each(['gzip', 'deflate', 'br'])('reads what comes in %s, though it was asked for as it is', async (encoding) => {
  for (const type of ['json', 'event-stream']) {
    const answer = await post(`/packed/${encoding}/${type}`);
    expect(await answer.json()).toEqual({ a: 1 });
  }
  expect(String(await toBuffer((await post(`/packed/${encoding}/plain`)).body as never))).toBe('{"a":1}');
});

const TOO_LONG = expect.stringMatching(/answers with more than 33554432 bytes. Fix: the base URL/);
it.each(['/endless/json', '/packed/gzip/bomb'])('ends an answer that is too long: %s', async (path) => {
  await expect(post(path)).rejects.toMatchObject({ cause: { message: TOO_LONG } });
});

it('ends a text that is too long for who wants all of it', async () => {
  const page = await post('/endless/html');
  await expect(page.text()).rejects.toMatchObject({ message: TOO_LONG });
});

it('says that what it was sent is not what its header says', async () => {
  const message = expect.stringContaining('sends what cannot be unpacked');
  await expect(post('/liar')).rejects.toMatchObject({ cause: { message } });
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

// undici says nothing of a call before it is connected: whoever gave one up waited ten seconds for that.
it('ends when it is told to, though it is not connected yet', async () => {
  const mute = createTcpServer();
  const connecting = once(mute, 'connection') as Promise<[Socket]>;
  await once(mute.listen(0, '127.0.0.1'), 'listening');
  const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
  const ending = new AbortController();
  const call = plainFetch(url, { signal: ending.signal });
  const [socket] = await connecting;
  ending.abort(new Error('Enough.'));
  await expect(call).rejects.toThrow('Enough.');
  await expect(plainFetch(url, { signal: ending.signal })).rejects.toThrow('Enough.');
  socket.destroy();
  mute.close();
}, 5_000);
