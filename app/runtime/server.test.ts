import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import * as z from 'zod';
import { gateway, identityHeaders, operation, processCpu, requestLimits } from '../../contract/index.js';
import { makeLogger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { errors } from './errors.js';
import { serveOperation } from './serve-operation.js';
import { buildServer } from './server.js';

const echo = operation({
  service: gateway,
  method: 'POST',
  path: '/echo/:id',
  summary: 'Echoes.',
  params: z.object({ id: z.string() }),
  body: z.object({ text: z.string().min(2) }),
  response: z.object({ id: z.string(), text: z.string(), user: z.string() }),
  timeoutMs: 1000,
});

const keep = operation({
  service: gateway,
  method: 'POST',
  path: '/keep',
  summary: 'Keeps bytes.',
  body: z.instanceof(Uint8Array),
  rawBody: true,
  response: z.object({ bytes: z.int() }),
  timeoutMs: 1000,
});

const identity = { [identityHeaders.user]: 'ada', [identityHeaders.tenant]: 'acme', [identityHeaders.tier]: 'free' };
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a server', () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  function build(
    readiness: { name: string; check: () => Promise<void> }[] = [],
    draining = new AbortController().signal,
    logger = makeLogger('test', 'silent'),
    isPublic = false,
  ): FastifyInstance {
    app = buildServer({
      spec: gateway,
      isPublic,
      logger,
      metrics: new Metrics(gateway),
      readiness: () => readiness,
      draining,
    });
    serveOperation(app, echo, async ({ params, body, caller }) => {
      if (body.text === 'crash') throw new Error('the password is hunter2');
      if (body.text === 'late') throw errors.timeout('The echo', 2000);
      return { id: params.id, text: body.text, user: caller.identity.user };
    });
    return app;
  }

  const post = (payload: unknown, headers: Record<string, string> = identity) =>
    app.inject({
      method: 'POST',
      url: '/echo/7',
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(payload),
    });

  it('answers an operation with what its handler returns, for the caller of the headers', async () => {
    build();
    const response = await post({ text: 'hello' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ id: '7', text: 'hello', user: 'ada' });
  });

  it('names the field and the reason of bad input', async () => {
    build();
    const response = await post({ text: 'x' });
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatchObject({
      code: 'invalid_request',
      param: 'text',
      type: 'invalid_request_error',
    });
    expect(response.json().error.message).toContain('text is not valid');
  });

  it.each([
    ['is cut off', '{"text": ', 'is not JSON: '],
    ['is not UTF-8', Buffer.from('{"text": "caf\u00e9"}', 'latin1'), 'is not UTF-8'],
    ['is UTF-16', Buffer.from('\ufeff{"text": "hello"}', 'utf16le'), 'is not UTF-8'],
    ['would change a prototype', '{"text": "hello", "__proto__": {"x": 1}}', '"__proto__"'],
    ['is empty', '', 'cannot be empty'],
  ])('answers JSON that %s with 400, and says so', async (_, payload, message) => {
    build();
    const response = await app.inject({
      method: 'POST',
      url: '/echo/7',
      headers: { 'content-type': 'application/json', ...identity },
      payload,
    });
    expect([response.statusCode, response.json().error]).toEqual([
      400,
      expect.objectContaining({ code: 'malformed_request', message: expect.stringContaining(message) }),
    ]);
  });

  it('takes JSON that begins with a byte order mark', async () => {
    build();
    const headers = { 'content-type': 'application/json', ...identity };
    const response = await app.inject({
      method: 'POST',
      url: '/echo/7',
      headers,
      payload: '\ufeff{"text": "caf\u00e9"}',
    });
    expect(response.json().text).toBe('caf\u00e9');
  });

  it('answers a compressed body with 415, and how to send it', async () => {
    build();
    const response = await post({ text: 'hello' }, { ...identity, 'content-encoding': 'gzip' });
    expect([response.statusCode, response.headers['accept-encoding'], response.json().error.code]).toEqual([
      415,
      'identity',
      'unsupported_content_encoding',
    ]);
  });

  it('answers text that no store can keep with 400, in a body and in an address', async () => {
    build();
    for (const response of [
      await post({ text: 'hello\0' }),
      await post({ text: 'hello\ud83d' }),
      await app.inject({ method: 'POST', url: '/echo/%00', headers: identity, payload: { text: 'hello' } }),
    ]) {
      expect(response.statusCode).toBe(400);
      expect(response.json().error.message).toContain('cannot be kept');
    }
    expect((await post({ text: 'hello\ud83d\ude00' })).statusCode).toBe(200);
  });

  it('refuses a call that carries no identity', async () => {
    build();
    expect((await post({ text: 'hello' }, {})).statusCode).toBe(401);
  });

  it('answers a body over the limit with 413', async () => {
    build();
    const response = await post({ text: 'x'.repeat(requestLimits.bodyBytes) });
    expect(response.statusCode).toBe(413);
    expect(response.json().error.message).toContain(String(requestLimits.bodyBytes));
  });

  // It read them as bytes, and then missed the fields.
  it.each(['application/xml', 'text/plain', 'application/x-www-form-urlencoded'])(
    'answers a body of type %s with 415 and the header to send',
    async (type) => {
      build();
      const response = await post({ text: 'hello' }, { ...identity, 'content-type': type });
      expect(response.statusCode).toBe(415);
      expect(response.json().error).toMatchObject({ code: 'unsupported_media_type' });
      expect(response.json().error.message).toContain(`"Content-Type: application/json"`);
    },
  );

  // JSON was parsed and plain text decoded before they came to the operation, which refused both.
  it.each(['text/plain', 'application/json', 'application/pdf', 'application/xml'])(
    'gives an operation with a raw body the bytes of it, of type %s',
    async (type) => {
      build();
      serveOperation(app, keep, async ({ body }) => ({ bytes: body.byteLength }));
      const send = (payload: Buffer) =>
        app.inject({ method: 'POST', url: '/keep', headers: { 'content-type': type, ...identity }, payload });
      expect((await send(Buffer.from('{"a": 1}'))).json()).toEqual({ bytes: 8 });
      expect((await send(Buffer.alloc(requestLimits.bodyBytes + 1))).json()).toEqual({ bytes: 1_048_577 });
      const { statusCode, body } = await send(Buffer.alloc(requestLimits.documentBytes + 1));
      expect(statusCode).toBe(413);
      expect(body).toContain(String(requestLimits.documentBytes));
    },
  );

  it.each(['/%zz', `/echo/${'a'.repeat(300)}`])(
    'answers the address %s with 400 in the shape of every error',
    async (url) => {
      build();
      const response = await app.inject({ method: 'POST', url, headers: identity });
      expect([response.statusCode, response.json().error.code]).toEqual([400, 'malformed_request']);
    },
  );

  it.each([
    ['GARBAGE\r\n\r\n', 400, 'malformed_request'],
    [`GET /health HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ])('answers what is no request in the shape of every error', async (sent, status, code) => {
    build();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.end(sent);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body).error).toMatchObject({ code, type: 'invalid_request_error' });
  });

  it('tells nothing of an unexpected error but the request id', async () => {
    build();
    const response = await post({ text: 'crash' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('hunter2');
    expect(response.json().error.message).toContain(response.headers['x-request-id']);
  });

  it('answers a known error with its status and message', async () => {
    build();
    const response = await post({ text: 'late' });
    expect([response.statusCode, response.json().error.message]).toEqual([504, 'The echo did not finish within 2 s.']);
  });

  it('answers a wrong method with 405 and Allow, an unknown path with 404', async () => {
    build();
    const wrong = await app.inject({ method: 'DELETE', url: '/echo/7?x=1' });
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'POST']);
    expect((await app.inject('/echo/7/more')).statusCode).toBe(404);
  });

  it('says the same to a method that Fastify expects a body of', async () => {
    build();
    const wrong = await app.inject({ method: 'QUERY' as 'POST', url: '/echo/7' });
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'POST']);
    expect((await app.inject({ method: 'QUERY' as 'POST', url: '/nowhere' })).statusCode).toBe(404);
  });

  it('is not ready any more once it is told to end, and sends clients elsewhere while it still answers', async () => {
    const stopping = new AbortController();
    build([], stopping.signal);
    const { readiness, liveness } = gateway.probes;
    expect((await post({ text: 'hello' })).headers.connection).not.toBe('close');
    stopping.abort();
    const asked = await app.inject(readiness.path);
    expect([asked.statusCode, asked.json()]).toEqual([503, { status: 'not ready', failed: ['stopping'] }]);
    expect((await app.inject(liveness.path)).statusCode).toBe(200);
    const answer = await post({ text: 'hello' });
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
  });

  it('is ready only while every dependency answers, and stays alive meanwhile', async () => {
    let away = true;
    build([
      {
        name: 'redis',
        check: async () => {
          if (away) throw new Error('connection refused');
        },
      },
    ]);
    const { liveness, readiness } = gateway.probes;
    expect((await app.inject(readiness.path)).json()).toEqual({ status: 'not ready', failed: ['redis'] });
    expect((await app.inject(liveness.path)).statusCode).toBe(200);
    away = false;
    expect((await app.inject(readiness.path)).statusCode).toBe(200);
  });

  it('counts requests by route template, never by raw path', async () => {
    build();
    await post({ text: 'hello' });
    await app.inject('/nowhere/42');
    await app.inject(gateway.probes.liveness.path);
    const page = (await app.inject(gateway.metricsPath)).body;
    expect(page).toContain('http_requests_total{method="POST",endpoint="/echo/:id",status="200"} 1');
    expect(page).toContain('http_requests_total{method="GET",endpoint="unmatched",status="404"} 1');
    expect(page).not.toContain(gateway.probes.liveness.path);
    expect(page).not.toContain('/echo/7');
    expect(page).not.toContain('/nowhere/42');
  });

  it("tells its process's processor time as it stands at each scrape", async () => {
    build();
    const told = async () => {
      const page = (await app.inject(gateway.metricsPath)).body;
      return Number(new RegExp(`^${processCpu.name} (\\S+)$`, 'm').exec(page)?.[1]);
    };
    const used = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    for (let scrape = 0; scrape < 2; scrape++) {
      const before = used();
      const seconds = await told();
      expect(seconds).toBeGreaterThanOrEqual(before);
      expect(seconds).toBeLessThanOrEqual(used());
    }
  });

  it("passes the caller's trace on where nothing is traced", async () => {
    build();
    let seen = '';
    app.addHook('preHandler', async (request) => {
      seen = request.trace.traceparent;
    });
    await post({ text: 'hello' }, { ...identity, traceparent: TRACEPARENT });
    expect(seen).toBe(TRACEPARENT);
  });

  it('begins a trace of its own where anybody may ask', async () => {
    build([], undefined, undefined, true);
    let seen = '';
    app.addHook('preHandler', async (request) => {
      seen = request.trace.traceparent;
    });
    await post({ text: 'hello' }, { ...identity, traceparent: TRACEPARENT });
    expect(seen).toMatch(/^00-(?!4bf92f3577b34da6a3ce929d0e0e4736)[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('writes the id of the trace beside what it logs of a request', async () => {
    const lines: string[] = [];
    build([], undefined, pino({ level: 'error' }, { write: (line: string) => lines.push(line) }));
    await post({ text: 'crash' }, { ...identity, traceparent: TRACEPARENT });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'request failed', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
    ]);
  });
});
