import { maxHeaderSize } from 'node:http';
import { rateLimitHeaders } from '../../contract/index.js';

/** What a client is told: the OpenAI error shape, so that its clients understand every route. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    /** The field that is wrong, where one is. */
    readonly param: string | null;
    readonly details?: unknown;
  };
}

interface ServiceErrorProps {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  readonly details?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that is meant for the caller. Any other error becomes a 500 without detail. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(props: ServiceErrorProps, options?: ErrorOptions) {
    super(props.message, options);
    this.status = props.status;
    this.code = props.code;
    this.param = props.param;
    this.details = props.details;
    this.headers = props.headers ?? {};
  }

  get body(): ErrorBody {
    const details = this.details === undefined ? {} : { details: this.details };
    return {
      error: {
        message: this.message,
        type: typeOf(this.status),
        code: this.code,
        param: this.param ?? null,
        ...details,
      },
    };
  }
}

/** `type` of OpenAI's error object, by status. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The catalogue: every error that a service answers with. */
export const errors = {
  invalid: (param: string, reason: string) =>
    new ServiceError({ status: 400, code: 'invalid_request', message: `${param} ${reason}`, param }),
  unstorable: () =>
    errors.malformed('The text has U+0000 or half a surrogate pair, which cannot be kept: leave it out.'),
  malformed: (message: string) => new ServiceError({ status: 400, code: 'malformed_request', message }),
  unauthenticated: (reason: string) =>
    new ServiceError({
      status: 401,
      code: 'invalid_token',
      message: reason,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    }),
  budgetSpent: (whose: string, period: string, limitUsd: number, spentUsd: number) =>
    new ServiceError({
      status: 402,
      code: 'budget_spent',
      message: `The budget of ${whose} for ${period} is spent: $${spentUsd.toFixed(6)} of $${limitUsd}. It begins anew with the next ${period.length === 10 ? 'day' : 'month'} (UTC); a higher one is set by whoever runs the platform.`,
      details: { period, limit_usd: limitUsd, spent_usd: spentUsd },
    }),
  notFound: (kind: string, id: string) =>
    new ServiceError({ status: 404, code: `${kind}_not_found`, message: `There is no ${kind} "${id}".` }),
  noRoute: (method: string, path: string) =>
    new ServiceError({ status: 404, code: 'route_not_found', message: `There is no ${method} ${path}.` }),
  methodNotAllowed: (method: string, path: string, allowed: readonly string[]) =>
    new ServiceError({
      status: 405,
      code: 'method_not_allowed',
      message: `${path} does not take ${method}, only ${allowed.join(', ')}.`,
      headers: { allow: allowed.join(', ') },
    }),
  upgradeRequired: (path: string) =>
    new ServiceError({
      status: 426,
      code: 'upgrade_required',
      message: `${path} is a WebSocket: connect to it by that protocol (ws: or wss:).`,
      headers: { upgrade: 'websocket', connection: 'upgrade' },
    }),
  conflict: (code: string, message: string) => new ServiceError({ status: 409, code, message }),
  tooLarge: (limitBytes: number) =>
    new ServiceError({
      status: 413,
      code: 'body_too_large',
      message: `The body is over the limit of ${limitBytes} bytes.`,
    }),
  headersTooLarge: () =>
    new ServiceError({
      status: 431,
      code: 'headers_too_large',
      message: `The address and the headers together are over the limit of ${maxHeaderSize} bytes.`,
    }),
  tooSlow: () =>
    new ServiceError({ status: 408, code: 'request_timeout', message: 'The request did not arrive in time.' }),
  unsupportedMediaType: (contentType: string | undefined) =>
    new ServiceError({
      status: 415,
      code: 'unsupported_media_type',
      message: `The body is ${contentType ?? 'without a content type'}; send JSON, with the header "Content-Type: application/json".`,
    }),
  compressed: (coding: string) =>
    new ServiceError({
      status: 415,
      code: 'unsupported_content_encoding',
      message: `The body is compressed (${coding}): send it as it is, without Content-Encoding.`,
      headers: { 'accept-encoding': 'identity' },
    }),
  unprocessable: (code: string, message: string, details?: unknown) =>
    new ServiceError({ status: 422, code, message, details }),
  /** A task that failed by its owner's mistake, told to an owner who has waited for it. */
  refusedTask: ({ status, code }: { status: number; code: string }, message: string, taskId: string) =>
    new ServiceError({ status, code, message, details: { task_id: taskId } }),
  rateLimited: (props: { limit: number; current: number; resetAfterSeconds: number; by: string }) =>
    new ServiceError({
      status: 429,
      code: 'rate_limit_exceeded',
      message: `Rate limit reached (${props.by}): try again in ${props.resetAfterSeconds} s.`,
      details: {
        limit: props.limit,
        current: props.current,
        reset_after: props.resetAfterSeconds,
        retry_after: props.resetAfterSeconds,
      },
      headers: { [rateLimitHeaders.retryAfter]: String(props.resetAfterSeconds) },
    }),
  upstream: (service: string, reason: string) =>
    new ServiceError({ status: 502, code: 'upstream_failed', message: `The ${service} service failed: ${reason}` }),
  unavailable: (what: string, retryAfterSeconds: number) =>
    new ServiceError({
      status: 503,
      code: 'unavailable',
      message: `${what} is not available now; try again in ${retryAfterSeconds} s.`,
      headers: { [rateLimitHeaders.retryAfter]: String(retryAfterSeconds) },
    }),
  timeout: (what: string, limitMs: number, details?: unknown) =>
    new ServiceError({
      status: 504,
      code: 'timeout',
      message: `${what} did not finish within ${limitMs / 1000} s.`,
      details,
    }),
} as const;
