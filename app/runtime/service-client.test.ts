import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { memory, operation, rateLimitHeaders } from '../../contract/index.js';
import { makeLogger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import type { Caller } from './caller.js';
import { errors } from './errors.js';
import { serveOperation, serveStream } from './serve-operation.js';
import { buildServer } from './server.js';
import { ServiceClient } from './service-client.js';

const base = { service: memory, summary: 'For the test.', timeoutMs: 5000 } as const;
const lookup = operation({
  ...base,
  method: 'GET',
  path: '/lookup/:name',
  params: z.object({ name: z.string() }),
  query: z.object({ times: z.coerce.number().default(1) }),
  response: z.object({ said: z.string() }),
});
const who = operation({
  ...base,
  method: 'GET',
  path: '/who',
  response: z.object({ user: z.string(), tenant: z.string(), tier: z.string() }),
});
const slow = operation({ ...base, method: 'GET', path: '/slow', response: z.object({}), timeoutMs: 50 });
const count = operation({
  ...base,
  method: 'POST',
  path: '/count',
  body: z.object({ to: z.number() }),
  response: z.object({ n: z.number() }),
  stream: true,
});

const said = { ...count, response: z.object({ said: z.string() }), timeoutMs: 60_000 };
/** More parts of 64 KiB than sockets have room for. */
const FLOOD = 300;

describe('a client of services', () => {
  let flooded = 0;
  let left = () => {};
  let app: FastifyInstance;
  let client: ServiceClient;
  const caller: Caller = {
    identity: { user: 'ada', tenant: 'acme', tier: 'premium' },
    requestId: 'request-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    signal: new AbortController().signal,
  };

  beforeEach(async () => {
    app = buildServer({ spec: memory, logger: makeLogger('test', 'silent'), metrics: new Metrics(memory) });
    serveOperation(app, lookup, async ({ params, query, caller: { identity } }) => {
      if (params.name === 'nobody') throw errors.notFound('name', params.name);
      if (params.name === 'busy') throw errors.unavailable('The directory', 7);
      return { said: `${params.name} `.repeat(query.times) + identity.user };
    });
    serveOperation(app, who, async ({ caller: { identity } }) => identity);
    serveOperation(
      app,
      slow,
      ({ caller: { signal } }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    serveStream(app, count, async ({ body }, send) => {
      if (body.to < 0) throw errors.invalid('to', 'must not be negative');
      for (let n = 1; n <= body.to; n++) await send({ n });
    });
    app.get('/stuck', (_, reply) => void reply.hijack().raw.writeHead(200).write('{'));
    app.get('/broken', (_, reply) => {
      reply.hijack().raw.writeHead(200, { 'content-length': 10 });
      reply.raw.write('{', () => reply.raw.destroy());
    });
    const lines = (path: string, send: (raw: ServerResponse) => unknown) =>
      app.post(path, (_, reply) => void send(reply.hijack().raw.writeHead(200)));
    lines('/half', (raw) => raw.end('{"n":1}\n{"n"'));
    lines('/torn', (raw) => raw.write('{"n":1}\n', () => raw.destroy()));
    lines('/other', (raw) => raw.end('{"m":1}\n'));
    lines('/pieces', async (raw) => {
      for (const byte of Buffer.from('{"said":"€"}\n'))
        await new Promise<void>((sent) => raw.write(Buffer.of(byte), () => sent()));
      raw.end();
    });
    lines('/flood', (raw) => {
      const pour = () => {
        while (flooded < FLOOD && !raw.destroyed) {
          flooded += 1;
          if (!raw.write(`{"said":"${'x'.repeat(65_536)}"}\n`)) return raw.once('drain', pour);
        }
        return raw.end();
      };
      flooded = 0;
      raw.once('close', () => left());
      pour();
    });
    client = new ServiceClient({ memory: await app.listen({ host: '127.0.0.1', port: 0 }) });
  });
  afterEach(() => {
    app.server.closeAllConnections();
    return app.close();
  });

  it('fills the path and the query, and carries the caller', async () => {
    const answer = await client.call(lookup, { params: { name: 'a/b' }, query: { times: 2 } }, caller);
    expect(answer).toEqual({ said: 'a/b a/b ada' });
  });

  it('carries a name as it is: a header would lose its spaces, and has no room for most letters', async () => {
    for (const user of ['ada ', ' ada', 'Łukasz', '李', 'a\nb', '100%25', 'user:ada@example.com']) {
      const answer = await client.call(
        who,
        {},
        { ...caller, identity: { user, tenant: `user:${user}`, tier: 'free' } },
      );
      expect(answer).toEqual({ user, tenant: `user:${user}`, tier: 'free' });
    }
  });

  it("throws the service's own error", async () => {
    await expect(client.call(lookup, { params: { name: 'nobody' } }, caller)).rejects.toMatchObject({
      status: 404,
      code: 'name_not_found',
    });
  });

  it('passes on when to come again', async () => {
    const busy = client.call(lookup, { params: { name: 'busy' } }, caller);
    await expect(busy).rejects.toMatchObject({ status: 503, headers: { [rateLimitHeaders.retryAfter]: '7' } });
  });

  it('asks nothing for a caller who has gone already', async () => {
    const signal = AbortSignal.abort(new Error('The client has gone.'));
    const nowhere = new ServiceClient({ memory: 'http://127.0.0.1:1' });
    await expect(nowhere.call(slow, {}, { ...caller, signal })).rejects.toThrow('The client has gone.');
  });

  it('gives up on a late service with 504', async () => {
    await expect(client.call(slow, {}, caller)).rejects.toMatchObject({ status: 504 });
  });

  it('gives up with 504 on an answer that begins and does not go on, and with 502 on one that breaks off', async () => {
    await expect(client.call({ ...slow, path: '/stuck', timeoutMs: 300 }, {}, caller)).rejects.toMatchObject({
      status: 504,
    });
    await expect(client.call({ ...lookup, path: '/broken' }, { params: { name: '' } }, caller)).rejects.toMatchObject({
      status: 502,
    });
  });

  it('ends the call when its own caller goes away', async () => {
    const gone = new AbortController();
    const call = client.call(slow, {}, { ...caller, signal: gone.signal });
    gone.abort(new Error('The client has gone.'));
    await expect(call).rejects.toThrow('The client has gone.');
  });

  it('says that a service cannot be reached', async () => {
    const nowhere = new ServiceClient({ memory: 'http://127.0.0.1:1' });
    await expect(nowhere.call(lookup, { params: { name: 'ada' } }, caller)).rejects.toMatchObject({ status: 503 });
  });

  it('refuses an answer that breaks the contract', async () => {
    const stricter = { ...lookup, response: z.object({ said: z.literal('something else') }) };
    await expect(client.call(stricter, { params: { name: 'ada' } }, caller)).rejects.toMatchObject({ status: 502 });
  });

  it('reads a stream line by line', async () => {
    const seen: number[] = [];
    for await (const { n } of await client.stream(count, { body: { to: 3 } }, caller)) seen.push(n);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('reads parts whose bytes come in any pieces', async () => {
    const seen: string[] = [];
    const stream = client.stream({ ...said, path: '/pieces' }, { body: { to: 1 } }, caller);
    for await (const part of await stream) seen.push(part.said);
    expect(seen).toEqual(['€']);
  });

  it.each(['/half', '/torn'])('ends with 502 where a stream breaks off: %s', async (path) => {
    const read = async () => {
      for await (const { n } of await client.stream({ ...count, path }, { body: { to: 1 } }, caller)) expect(n).toBe(1);
    };
    await expect(read()).rejects.toMatchObject({ status: 502 });
  });

  describe('of which something is made on its way', () => {
    const form = {
      of: ({ n }: { n: number }) => `${n}`,
      end: () => 'end',
      broken: (error: Error) => error.message,
    };

    it('gives that, and what comes after the last part', async () => {
      const stream = await client.stream(count, { body: { to: 2 } }, caller, form);
      expect(await stream.toArray()).toEqual(['1', '2', 'end']);
    });

    it.each(['/half', '/torn'])(
      'ends in good order where it breaks off, with what stands for the rest: %s',
      async (path) => {
        const stream = await client.stream({ ...count, path }, { body: { to: 1 } }, caller, form);
        expect(await stream.toArray()).toEqual(['1', expect.stringMatching(/broke off|not whole/)]);
        expect(stream.errored).toBeNull();
      },
    );

    it('refuses it where its first part breaks the contract', async () => {
      const stream = client.stream({ ...count, path: '/other' }, { body: { to: 1 } }, caller, form);
      await expect(stream).rejects.toMatchObject({ status: 502 });
    });
  });

  it('takes a stream no faster than it is read', async () => {
    const parts = await client.stream({ ...said, path: '/flood' }, { body: { to: 1 } }, caller);
    // Time enough for all of it, were it taken at once.
    for (let i = 0; i < 200; i += 1) await client.call(who, {}, caller);
    expect(flooded).toBeLessThan(FLOOD);
    let read = 0;
    for await (const part of parts) read += part.said.length;
    expect(read).toBe(FLOOD * 65_536);
  });

  it('ends the call when its parts are read no further', async () => {
    const gone = new Promise<void>((resolve) => {
      left = resolve;
    });
    for await (const _ of await client.stream({ ...said, path: '/flood' }, { body: { to: 1 } }, caller)) break;
    await gone;
    expect(flooded).toBeLessThan(FLOOD);
  });

  it('refuses a stream whose first part breaks the contract', async () => {
    const stream = client.stream({ ...count, path: '/other' }, { body: { to: 1 } }, caller);
    await expect(stream).rejects.toMatchObject({ status: 502 });
  });

  it('turns a failure before the first line into an error status', async () => {
    const stream = client.stream(count, { body: { to: -1 } }, caller);
    await expect(stream).rejects.toMatchObject({ status: 400 });
  });
});
