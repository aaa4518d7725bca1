import { Agent, type Dispatcher } from 'undici';
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
import { type Caller, callerHeaders } from './caller.js';
import { errors, ServiceError } from './errors.js';

/** Base URLs by service name: the contract's in a cluster, loopback ports on one machine. */
export type ServiceUrls = Readonly<Record<string, string>>;

/** An answer whose body is still to come. */
export type ServiceResponse = Pick<Dispatcher.ResponseData, 'headers' | 'body'>;

/** An answer that has begun, and what may end it. */
type Begun = ServiceResponse & { readonly ending: AbortSignal };

/**
 * Calls operations of other services over HTTP, on behalf of a caller. It asks undici itself: `fetch`, which stands above it, takes three
 * times the processor time for web streams and signals that nobody here needs.
 */
export class ServiceClient {
  /** How long a call may take is the operation's to say. */
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  constructor(readonly urls: ServiceUrls) {}

  /** @throws {ServiceError} the service's own error; 502 when it cannot be reached or breaks its contract, 504 when it is late */
  async call<O extends Operation>(
    operation: O,
    input: OperationInput<O> & RawInput,
    caller: Caller,
  ): Promise<z.output<O['response']>> {
    return await inSpan(spanOf(operation, caller), async (traceparent = caller.traceparent) => {
      const { body, ending } = await this.#request(operation, input, { ...caller, traceparent });
      const answer = await body.json().catch((error: unknown) => {
        throw brokenOff(operation, ending, error);
      });
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
  ): Promise<Begun> {
    const ending = new Ending(operation, caller.signal);
    try {
      const response = await this.#agent.request({
        origin: new URL(this.#baseOf(operation)).origin,
        path: pathOf(operation, input),
        method: operation.method,
        headers: headersOf(input, caller),
        body: bodyOf(operation, input),
        signal: ending.signal,
      });
      response.body.once('close', () => ending.release());
      if (response.statusCode < 200 || response.statusCode > 299) throw await errorOf(operation.service.name, response);
      return { headers: response.headers, body: response.body, ending: ending.signal };
    } catch (error) {
      ending.release();
      if (ending.signal.aborted) throw ending.signal.reason;
      if (error instanceof ServiceError) throw error;
      throw errors.unavailable(`The ${operation.service.name} service (${reasonOf(error)})`, 1);
    }
  }

  #baseOf(operation: Operation): string {
    const base = this.urls[operation.service.name];
    if (base === undefined) throw new Error(`No URL is known for the ${operation.service.name} service.`);
    return base;
  }
}

/** What ends a call before its answer has come: its caller has gone, or its time is over. One for both, since `AbortSignal.any` costs more than the call. */
class Ending {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #gone = () => this.#controller.abort(this.caller.reason);

  constructor(
    { service, timeoutMs }: Operation,
    private readonly caller: AbortSignal,
  ) {
    const late = () => this.#controller.abort(errors.timeout(`The ${service.name} service`, timeoutMs));
    this.#timer = setTimeout(late, timeoutMs).unref();
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
  const params = (input.params ?? {}) as Record<string, string>;
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
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

/** What became of an answer that had begun. */
function brokenOff({ service }: Operation, ending: AbortSignal, error: unknown): unknown {
  if (ending.aborted) return ending.reason;
  return errors.upstream(service.name, `its answer is not whole (${reasonOf(error)})`);
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}

/** Passes a service's own error on: the caller's mistake stays a 4xx, a service's failure stays its failure. */
async function errorOf(service: string, { statusCode, headers, body }: Dispatcher.ResponseData): Promise<ServiceError> {
  const told = parseError(await body.text());
  if (told === undefined) return errors.upstream(service, `status ${statusCode}`);
  const retryAfter = headers[rateLimitHeaders.retryAfter];
  return new ServiceError({
    status: statusCode,
    code: told.code,
    message: told.message,
    ...(typeof told.param === 'string' ? { param: told.param } : {}),
    details: told.details,
    headers: typeof retryAfter !== 'string' ? {} : { [rateLimitHeaders.retryAfter]: retryAfter },
  });
}

function parseError(text: string): ServiceError['body']['error'] | undefined {
  try {
    return (JSON.parse(text) as ServiceError['body']).error;
  } catch {
    return undefined;
  }
}
