import { afterEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { gateway, identityHeaders, operation, requestLimits } from '../../contract/index.js';
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

const identity = { [identityHeaders.user]: 'ada', [identityHeaders.tenant]: 'acme', [identityHeaders.tier]: 'free' };
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a server', () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  function build(
    readiness: { name: string; check: () => Promise<void> }[] = [],
    draining = new AbortController().signal,
  ): FastifyInstance {
    app = buildServer({
      spec: gateway,
      logger: makeLogger('test', 'silent'),
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

  it('answers JSON that is cut off with 400', async () => {
    build();
    const response = await app.inject({
      method: 'POST',
      url: '/echo/7',
      headers: { 'content-type': 'application/json', ...identity },
      payload: '{"text": ',
    });
    expect(response.statusCode).toBe(400);
    expect(response.json().error.code).toBe('malformed_request');
  });

  it('refuses a call that carries no identity', async () => {
    build();
    expect((await post({ text: 'hello' }, {})).statusCode).toBe(401);
  });

  it('answers a body over the limit with 413', async () => {
    build();
    expect((await post({ text: 'x'.repeat(requestLimits.bodyBytes) })).statusCode).toBe(413);
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

  it("continues the caller's trace with a span of its own", async () => {
    build();
    let seen = '';
    app.addHook('preHandler', async (request) => {
      seen = request.trace.traceparent;
    });
    await post({ text: 'hello' }, { ...identity, traceparent: TRACEPARENT });
    expect(seen.slice(0, 36)).toBe(TRACEPARENT.slice(0, 36));
    expect(seen).not.toBe(TRACEPARENT);
  });
});
