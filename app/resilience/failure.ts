import { BrokenCircuitError } from 'cockatiel';
import { rateLimitHeaders } from '../../contract/index.js';
import { DeadlineExceeded } from './deadline.js';

/** What a failed call tells about trying again. */
export const FAILURE_KINDS = [
  'rate-limited',
  'server',
  'timeout',
  'connection',
  'denied',
  'rejected',
  'breaker-open',
  'unknown',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Why one attempt failed. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** What the server asks to wait. */
  readonly retryAfterMs?: number;
}

/** The same call may work in a moment. */
export function isRetryable({ kind }: Failure): boolean {
  return kind === 'rate-limited' || kind === 'server' || kind === 'timeout' || kind === 'connection';
}

/** The fault is on the other side, so that further calls would fail too. A request refused for what it says tells nothing. */
export function countsAgainstBreaker(failure: Failure): boolean {
  return isRetryable(failure) || failure.kind === 'denied';
}

/** What the errors of fetch, of the providers' SDKs and of LangChain have in common. */
interface CallError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly headers?: unknown;
  readonly cause?: unknown;
}

/** Reads any thrown value. @param now for a Retry-After that names a time */
export function failureOf(error: unknown, now: number): Failure {
  const message = messageOf(error);
  if (error instanceof BrokenCircuitError) return { kind: 'breaker-open', message };
  const thrown: CallError = typeof error === 'object' && error !== null ? error : {};
  if (typeof thrown.status !== 'number') return { kind: kindWithoutAnswer(error, thrown), message };
  const retryAfterMs = readRetryAfterMs(thrown.headers, now);
  const kind = kindOfStatus(thrown.status, thrown.code);
  return { kind, message, status: thrown.status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** How `fetch` and the providers' clients say no more than that there was no answer: what it was for is their cause. */
const NO_ANSWER: ReadonlySet<string> = new Set(['fetch failed', 'Connection error.']);

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return NO_ANSWER.has(message) && cause !== undefined ? messageOf(cause) || message : message;
}

function kindOfStatus(status: number, code: unknown): FailureKind {
  // OpenAI answers 429 to an account without money too; waiting does not fill it.
  if (status === 429) return code === 'insufficient_quota' ? 'denied' : 'rate-limited';
  if (status === 408) return 'timeout';
  if (status >= 500) return 'server';
  return status === 401 || status === 402 || status === 403 ? 'denied' : 'rejected';
}

const CONNECTION_CODE = /^(E(CONN|PIPE|HOST|NET|NOTFOUND|AI_AGAIN|TIMEDOUT)|UND_ERR_)/;

function kindWithoutAnswer(error: unknown, { name, code, cause }: CallError): FailureKind {
  if (error instanceof DeadlineExceeded || name === 'TimeoutError' || name === 'APIConnectionTimeoutError')
    return 'timeout';
  if (name === 'APIConnectionError' || (typeof code === 'string' && CONNECTION_CODE.test(code))) return 'connection';
  // Such as a certificate that has expired, or what is no HTTP. A cause without a code is what our own `fetch` says of an answer.
  if (error instanceof TypeError && NO_ANSWER.has(error.message) && typeof Object(cause).code === 'string')
    return 'connection';
  if (cause !== undefined && cause !== error)
    return kindWithoutAnswer(cause, typeof cause === 'object' && cause !== null ? cause : {});
  return 'unknown';
}

/** Seconds or a date (RFC 9110 §10.2.3), or OpenAI's milliseconds. */
function readRetryAfterMs(headers: unknown, now: number): number | undefined {
  const ms = Number(header(headers, 'retry-after-ms') ?? Number.NaN);
  if (ms >= 0) return ms;
  const text = header(headers, rateLimitHeaders.retryAfter);
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0) return seconds * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function header(headers: unknown, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}
