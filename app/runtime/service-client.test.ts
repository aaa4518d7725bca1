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

describe('a client of services', () => {
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
    for await (const { n } of client.stream(count, { body: { to: 3 } }, caller)) seen.push(n);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('turns a failure before the first line into an error status', async () => {
    const stream = client.stream(count, { body: { to: -1 } }, caller);
    await expect(stream.next()).rejects.toMatchObject({ status: 400 });
  });
});
