import { describe, expect, it } from '@jest/globals';
import { BrokenCircuitError } from 'cockatiel';
import { DeadlineExceeded } from './deadline.js';
import { countsAgainstBreaker, failureOf, isRetryable } from './failure.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const answer = (status: number, headers?: unknown, code?: string) =>
  Object.assign(new Error(`status ${status}`), { status, headers, code });

describe('reading a failure', () => {
  it.each([
    ['a 429', answer(429), 'rate-limited'],
    ['a 429 for want of money', answer(429, undefined, 'insufficient_quota'), 'denied'],
    ['a 500', answer(500), 'server'],
    ['an overloaded 529', answer(529), 'server'],
    ['a 408', answer(408), 'timeout'],
    ['a 401', answer(401), 'denied'],
    ['a 403', answer(403), 'denied'],
    ['a 400', answer(400), 'rejected'],
    ['a 404', answer(404), 'rejected'],
    ['a deadline', new DeadlineExceeded('gpt', 5), 'timeout'],
    ["AbortSignal's timeout", new DOMException('late', 'TimeoutError'), 'timeout'],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'connection'],
    ['an unknown host', Object.assign(new Error('dns'), { code: 'ENOTFOUND' }), 'connection'],
    [
      "fetch's wrapping",
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) }),
      'connection',
    ],
    [
      'what is no TLS',
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }) }),
      'connection',
    ],
    [
      'an answer that nobody can use',
      new TypeError('fetch failed', { cause: new Error('x', { cause: { code: 'Z_DATA_ERROR' } }) }),
      'unknown',
    ],
    ['an open breaker', new BrokenCircuitError(), 'breaker-open'],
    ['a programming error', new TypeError('x is not a function'), 'unknown'],
    ['a thrown text', 'no', 'unknown'],
  ] as const)('takes %s for what it is', (_, error, kind) => {
    expect(failureOf(error, NOW).kind).toBe(kind);
  });

  // It said "fetch failed", and in the log was nothing of what to mend.
  it.each(['fetch failed', 'Connection error.'])('tells what is behind a "%s"', (message) => {
    const cause = new TypeError('fetch failed', { cause: new Error('certificate has expired') });
    expect(failureOf(new Error(message, { cause }), NOW).message).toBe('certificate has expired');
    expect(failureOf(new Error(message, { cause: new AggregateError([]) }), NOW).message).toBe(message);
  });

  it('tries again only what may pass', () => {
    const kinds = [429, 500, 503, 408, 400, 401, 404].map((status) => isRetryable(failureOf(answer(status), NOW)));
    expect(kinds).toEqual([true, true, true, true, false, false, false]);
  });

  it("does not hold a caller's bad request against the other side", () => {
    const kinds = [429, 500, 401, 400, 404, 422].map((status) => countsAgainstBreaker(failureOf(answer(status), NOW)));
    expect(kinds).toEqual([true, true, true, false, false, false]);
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['seconds in another case', { 'Retry-After': '1.5' }, 1500],
    ['seconds in a Headers object', new Headers({ 'retry-after': '2' }), 2000],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    ['a date that has passed', { 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    ["OpenAI's milliseconds first", { 'retry-after-ms': '120', 'retry-after': '1' }, 120],
    ['nonsense as nothing', { 'retry-after': 'soon' }, undefined],
    ['a negative number as nothing', { 'retry-after-ms': '-1' }, undefined],
    ['no header as nothing', undefined, undefined],
  ])('reads Retry-After: %s', (_, headers, expected) => {
    expect(failureOf(answer(429, headers), NOW).retryAfterMs).toBe(expected);
  });
});
