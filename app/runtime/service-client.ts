import { type Dispatcher, Pool } from 'undici';
import type * as z from 'zod';
import { type Operation, type OperationInput, rateLimitHeaders } from '../../contract/index.js';
import { ATTRIBUTES } from '../telemetry/attributes.js';
import {
  errorTypeOf,
  failSpan,
  inSpan,
  SpanKind,
  type SpanOptions,
  startSpan,
  traceparentOf,
} from '../telemetry/span.js';
import { brokenOff, errorOf, late, unreachable } from './call-errors.js';
import { type Caller, callerHeaders } from './caller.js';
import { errors, ServiceError } from './errors.js';
import { askWhole } from './whole-answer.js';

/** Base URLs by service name: the contract's in a cluster, loopback ports on one machine. */
export type ServiceUrls = Readonly<Record<string, string>>;

/** An answer whose body is still to come. */
export type ServiceResponse = Pick<Dispatcher.ResponseData, 'headers' | 'body'>;

/**
 * Calls operations of other services over HTTP, on behalf of a caller. It asks undici itself: `fetch`, which stands above it, takes three
 * times the processor time for web streams and signals that nobody here needs.
 */
export class ServiceClient {
  readonly #pools = new Map<string, Pool>();

  constructor(readonly urls: ServiceUrls) {}

  /** @throws {ServiceError} the service's own error; 502 when it cannot be reached or breaks its contract, 504 when it is late */
  async call<O extends Operation>(
    operation: O,
    input: OperationInput<O> & RawInput,
    caller: Caller,
  ): Promise<z.output<O['response']>> {
    return await inSpan(spanOf(operation, caller), async (traceparent = caller.traceparent) => {
      const { service, timeoutMs } = operation;
      const { status, headers, text } = await askWhole(
        this.#poolOf(operation),
        requestOf(operation, input, { ...caller, traceparent }),
        {
          signal: caller.signal,
          timeoutMs,
          late: () => late(operation),
          failed: (error, begun) => (begun ? brokenOff(operation, error) : unreachable(operation, error)),
        },
      );
      if (!isSuccess(status)) throw errorOf(service.name, status, text, headerOf(headers, rateLimitHeaders.retryAfter));
      const answer = parseAnswer(operation, text);
      const parsed = operation.response.safeParse(answer);
      if (parsed.success) return parsed.data as z.output<O['response']>;
      throw errors.upstream(
        operation.service.name,
        `its answer breaks the contract (${parsed.error.issues[0]?.message})`,
      );
    });
  }

  /** Calls an operation whose answer is a file. */
  async content<O extends Operation>(operation: O, input: OperationInput<O>, caller: Caller): Promise<ServiceResponse> {
    return this.#request(operation, input, caller);
  }

  /** Calls a streaming operation; ending the iteration early ends the call. */
  async *stream<O extends Operation>(
    operation: O,
    input: OperationInput<O>,
    caller: Caller,
  ): AsyncGenerator<z.output<O['response']>> {
    const span = startSpan(spanOf(operation, caller));
    let failure: string | undefined = 'abandoned';
    try {
      const traceparent = traceparentOf(span) ?? caller.traceparent;
      const { body } = await this.#request(operation, input, { ...caller, traceparent });
      body.setEncoding('utf8');
      let rest = '';
      for await (const chunk of body) {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) yield operation.response.parse(JSON.parse(line)) as z.output<O['response']>;
      }
      if (rest !== '') throw errors.upstream(operation.service.name, 'its stream broke off');
      failure = undefined;
    } catch (error) {
      failure = errorTypeOf(error);
      throw error;
    } finally {
      if (failure === undefined) span.end();
      else failSpan(span, failure);
    }
  }

  async #request<O extends Operation>(
    operation: O,
    input: OperationInput<O> & RawInput,
    caller: Caller,
  ): Promise<ServiceResponse> {
    const ending = new Ending(operation, caller.signal);
    try {
      const request = { ...requestOf(operation, input, caller), signal: ending.signal };
      const { statusCode, headers, body } = await this.#poolOf(operation).request(request);
      body.once('close', () => ending.release());
      if (isSuccess(statusCode)) return { headers, body };
      throw errorOf(operation.service.name, statusCode, await body.text(), headers[rateLimitHeaders.retryAfter]);
    } catch (error) {
      ending.release();
      if (ending.signal.aborted) throw ending.signal.reason;
      throw error instanceof ServiceError ? error : unreachable(operation, error);
    }
  }

  #poolOf({ service: { name } }: Operation): Pool {
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const base = this.urls[name];
    if (base === undefined) throw new Error(`No URL is known for the ${name} service.`);
    // How long a call may take is the operation's to say.
    const pool = new Pool(new URL(base).origin, { headersTimeout: 0, bodyTimeout: 0 });
    this.#pools.set(name, pool);
    return pool;
  }
}

/** What ends a call before its stream is over: its caller has gone, or its time is over. One for both, since `AbortSignal.any` costs more than the call. */
class Ending {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #gone = () => this.#controller.abort(this.caller.reason);

  constructor(
    operation: Operation,
    private readonly caller: AbortSignal,
  ) {
    this.#timer = setTimeout(() => this.#controller.abort(late(operation)), operation.timeoutMs).unref();
    if (caller.aborted) this.#gone();
    else caller.addEventListener('abort', this.#gone, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The answer has come. */
  release(): void {
    clearTimeout(this.#timer);
    this.caller.removeEventListener('abort', this.#gone);
  }
}

function spanOf({ service, method, path }: Operation, { traceparent }: Caller): SpanOptions {
  const attributes = { [ATTRIBUTES.httpMethod]: method, [ATTRIBUTES.peer]: service.name };
  return { scope: 'client', name: `${method} ${path}`, kind: SpanKind.CLIENT, parent: traceparent, attributes };
}

interface RawInput {
  /** Of a raw body. */
  readonly contentType?: string;
}

function pathOf(operation: Operation, input: OperationInput<Operation>): string {
  const params = input.params as Record<string, string> | undefined;
  const path =
    params === undefined
      ? operation.path
      : operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  if (input.query === undefined) return path;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query as Record<string, unknown>)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

function headersOf(input: OperationInput<Operation> & RawInput, caller: Caller): Record<string, string> {
  const headers = callerHeaders(caller);
  if (input.body !== undefined) headers['content-type'] = input.contentType ?? 'application/json';
  return headers;
}

function bodyOf(operation: Operation, { body }: OperationInput<Operation>): string | Uint8Array | null {
  if (body === undefined) return null;
  return operation.rawBody ? (body as Uint8Array) : JSON.stringify(body);
}

function requestOf(
  operation: Operation,
  input: OperationInput<Operation> & RawInput,
  caller: Caller,
): Dispatcher.DispatchOptions & Dispatcher.RequestOptions {
  return {
    path: pathOf(operation, input),
    method: operation.method,
    headers: headersOf(input, caller),
    body: bodyOf(operation, input),
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function parseAnswer(operation: Operation, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenOff(operation, error);
  }
}

/** Of headers as they came. */
function headerOf(headers: readonly Buffer[], name: string): string | undefined {
  const at = headers.findIndex((header, i) => i % 2 === 0 && header.toString().toLowerCase() === name.toLowerCase());
  return at === -1 ? undefined : headers[at + 1]?.toString();
}
