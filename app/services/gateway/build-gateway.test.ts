import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { requestLimits, tiers } from '../../../contract/index.js';
import { hashApiKey, makeApiKey } from '../../api-keys/api-key.js';
import { GuardedRateLimiter } from '../../limits/guarded-rate-limiter.js';
import type { RateLimiter } from '../../limits/rate-limiter.js';
import type { Identity } from '../../runtime/identity.js';
import { ada } from '../../runtime/service.fixture.js';
import { askGateway, gatewayUnderTest } from './gateway.fixture.js';

const PAGE = 'https://app.example.com';
const key = makeApiKey();
const owners = new Map([[hashApiKey(key), { ...ada, user: 'keyed' }]]);

describe('the gateway', () => {
  let app: FastifyInstance;
  const ask = (url: string, asked?: Parameters<typeof askGateway>[2]) => askGateway(app, url, asked);
  const prompt = { prompt: 'hello' };
  beforeAll(async () => {
    app = await gatewayUnderTest({
      apiKeys: { ownerOf: async (hash) => owners.get(hash) },
      corsOrigins: [PAGE],
    });
  });
  afterAll(() => app.close());

  describe('to browsers', () => {
    it('lets the pages of its origins in, to the headers that they need', async () => {
      const preflight = await ask('/v1/chat/completions', {
        method: 'OPTIONS',
        headers: {
          origin: PAGE,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      expect(preflight.statusCode).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': PAGE,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'authorization,content-type',
      });
      const answer = await ask('/v1/models', { headers: { origin: PAGE } });
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': PAGE,
        'access-control-expose-headers': 'x-request-id, ratelimit, ratelimit-policy, retry-after',
        vary: 'Origin',
      });
    });

    it('lets no other page in, nor any with cookies', async () => {
      for (const method of ['GET', 'OPTIONS'] as const) {
        const { headers } = await ask('/v1/models', {
          method,
          headers: { origin: 'https://evil.example.com', 'access-control-request-method': 'GET' },
        });
        expect(headers['access-control-allow-origin']).toBeUndefined();
        expect(headers['access-control-allow-credentials']).toBeUndefined();
      }
    });

    it('says what it takes OPTIONS for, to whoever is no browser', async () => {
      const answer = await ask('/v1/models', { method: 'OPTIONS' });
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'malformed_request']);
    });

    it('says with every answer, good or bad, that they may make nothing of it', async () => {
      for (const url of ['/v1/models', '/nowhere', '/nowhere%00', '/%zz']) {
        expect((await ask(url)).headers).toMatchObject({
          'cache-control': 'no-store',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
        });
      }
    });

    it.each(['/console', '/docs/static/index.html'])('says with the page %s what it may do', async (url) => {
      expect((await ask(url)).headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
      });
    });
  });

  it('gives every answer the id of its request, the client’s where it has one', async () => {
    expect((await ask('/nowhere', { headers: { 'x-request-id': 'mine' } })).headers['x-request-id']).toBe('mine');
    const ids = [await ask('/nowhere'), await ask('/nowhere')].map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    // It would stand in every line and call that follows.
    for (const id of ['x'.repeat(129), 'a b', '\u00e9'])
      expect((await ask('/nowhere', { headers: { 'x-request-id': id } })).headers['x-request-id']).toMatch(
        /^[\da-f-]{36}$/,
      );
    expect((await ask('/%zz', { headers: { 'x-request-id': 'mine' } })).headers['x-request-id']).toBe('mine');
  });

  it.each([
    ['PUT', '/v1/chat/completions', 'POST'],
    ['PUT', '/v1/models', 'GET, HEAD'],
    ['PUT', '/tasks/t1', 'DELETE, GET, HEAD'],
  ] as const)('answers %s %s with 405 and what it takes', async (method, url, allow) => {
    const answer = await ask(url, { method, body: {} });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
  });

  it('takes an API key where it takes a token, and no made-up one', async () => {
    const status = async (token: string) =>
      (await ask('/v1/models', { headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect(await status(key)).toBe(503); // past the door: the service behind it is away
    expect(await status(makeApiKey())).toBe(401);
  });

  describe('refuses in OpenAI’s shape', () => {
    it.each([
      ['without a token', { headers: { authorization: '' } }, 401, 'authentication_error', 'invalid_token'],
      [
        'a body that is not JSON',
        { headers: { 'content-type': 'text/plain' } },
        415,
        'invalid_request_error',
        'unsupported_media_type',
      ],
      [
        'a body over the limit',
        { body: { model: 'x'.repeat(requestLimits.bodyBytes) } },
        413,
        'invalid_request_error',
        'body_too_large',
      ],
      ['a body without messages', { body: {} }, 400, 'invalid_request_error', 'invalid_request'],
      ['while a service is away', {}, 503, 'server_error', 'unavailable'],
    ])('%s', async (_, change, status, type, code) => {
      const answer = await ask('/v1/chat/completions', {
        body: { model: 'auto', messages: [{ role: 'user', content: 'hello' }] },
        ...change,
      });
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toEqual({
        error: { message: expect.any(String), type, code, param: status === 400 ? 'messages' : null },
      });
      if (status === 503) expect(answer.headers['retry-after']).toBe('1');
    });

    it('what has more levels than can be passed on, in a tool or in the arguments of a call', async () => {
      const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
      const question = { role: 'user', content: 'hello' };
      const call = { id: '1', type: 'function', function: { name: 'f', arguments: deep } };
      const inCall = { model: 'auto', messages: [question, { role: 'assistant', tool_calls: [call] }] };
      const tools = `[{"type":"function","function":{"name":"f","parameters":${deep}}}]`;
      const inTool = `{"model":"auto","messages":${JSON.stringify([question])},"tools":${tools}}`;
      for (const text of [JSON.stringify(inCall), inTool]) {
        const answer = await ask('/v1/chat/completions', { text });
        expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'malformed_request']);
      }
    });
  });

  describe('tells the limits', () => {
    const fred: Identity = { user: 'fred', tenant: 'acme', tier: 'free' };
    const policy = '"window";q=10;w=60, "bucket";q=50;w=5, "tokens";q=20000;qu="tokens";w=60';

    it('with what is admitted and with what is refused', async () => {
      const admitted = await ask('/v1/route', { body: prompt, as: fred });
      expect(admitted.headers).toMatchObject({
        ratelimit: '"window";r=9;t=60, "bucket";r=49;t=1, "tokens";r=20000;t=0',
        'ratelimit-policy': policy,
      });
      for (let i = 1; i < tiers.free.requestsPerWindow; i += 1) await ask('/v1/route', { body: prompt, as: fred });
      const refused = await ask('/v1/route', { body: prompt, as: fred });
      expect(refused.statusCode).toBe(429);
      expect(refused.headers).toMatchObject({
        ratelimit: '"window";r=0;t=60, "bucket";r=40;t=1, "tokens";r=20000;t=0',
        'ratelimit-policy': policy,
        'retry-after': '60',
      });
      expect(refused.json().error).toMatchObject({
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        details: { limit: 10, current: 10, reset_after: 60, retry_after: 60 },
      });
    });

    it('of who wants to be forgotten: every service then looks through all that it has', async () => {
      const fay = { ...fred, user: 'fay' };
      const forget = () => ask('/api/users/me', { method: 'DELETE', as: fay });
      for (let i = 0; i < tiers.free.requestsPerWindow; i += 1) expect((await forget()).statusCode).toBe(503);
      expect((await forget()).statusCode).toBe(429);
    });

    it('of tokens by what a request asks for, and gives them back when nothing came of it', async () => {
      const tina = { ...fred, user: 'tina' };
      const chat = (max_tokens: number) =>
        ask('/v1/chat/completions', {
          body: { model: 'auto', messages: [{ role: 'user', content: 'x'.repeat(40) }], max_tokens },
          as: tina,
        });
      const first = await chat(1_000);
      expect([first.statusCode, first.headers.ratelimit]).toEqual([
        503,
        expect.stringContaining('"tokens";r=18990;t=4'),
      ]);
      const second = await chat(2_000);
      expect(second.headers.ratelimit).toContain('"tokens";r=17990;t=7');
    });
  });

  it('answers 503 at once to whoever comes while the limits are away and fail closed', async () => {
    const away: RateLimiter = {
      admit: () => Promise.reject(new Error('lost')),
      settle: () => Promise.reject(new Error('lost')),
    };
    const closed = await gatewayUnderTest({
      limiter: new GuardedRateLimiter(away, { policy: 'failClosed' }, Date.now, () => undefined),
    });
    const answer = await askGateway(closed, '/v1/route', { body: prompt });
    await closed.close();
    expect([answer.statusCode, answer.headers['retry-after'], answer.json().error.code]).toEqual([
      503,
      '1',
      'unavailable',
    ]);
  });
});
