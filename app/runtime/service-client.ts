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

/** Calls operations of other services over HTTP, on behalf of a caller. */
export class ServiceClient {
  constructor(readonly urls: ServiceUrls) {}

  /** @throws {ServiceError} the service's own error; 502 when it cannot be reached or breaks its contract, 504 when it is late */
  async call<O extends Operation>(
    operation: O,
    input: OperationInput<O> & RawInput,
    caller: Caller,
  ): Promise<z.output<O['response']>> {
    return await inSpan(spanOf(operation, caller), async (traceparent = caller.traceparent) => {
      const response = await this.#fetch(operation, input, { ...caller, traceparent });
      const answer = await response.json().catch((error: Error) => {
        throw brokenOff(operation, caller, error);
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
  async content<O extends Operation>(operation: O, input: OperationInput<O>, caller: Caller): Promise<Response> {
    return this.#fetch(operation, input, caller);
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
      const response = await this.#fetch(operation, input, { ...caller, traceparent });
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of response.body ?? []) {
        const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
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

  async #fetch<O extends Operation>(
    operation: O,
    input: OperationInput<O> & RawInput,
    caller: Caller,
  ): Promise<Response> {
    const timeout = AbortSignal.timeout(operation.timeoutMs);
    const url = urlOf(this.#baseOf(operation), operation, input);
    const hasBody = input.body !== undefined;
    const response = await fetch(url, {
      method: operation.method,
      headers: {
        ...callerHeaders(caller),
        ...(hasBody ? { 'content-type': input.contentType ?? 'application/json' } : {}),
      },
      ...(hasBody
        ? { body: operation.rawBody ? (input.body as Uint8Array<ArrayBuffer>) : JSON.stringify(input.body) }
        : {}),
      signal: AbortSignal.any([caller.signal, timeout]),
    }).catch((cause: unknown) => {
      if (caller.signal.aborted) throw caller.signal.reason;
      if (timeout.aborted) throw errors.timeout(`The ${operation.service.name} service`, operation.timeoutMs);
      throw errors.unavailable(`The ${operation.service.name} service (${reasonOf(cause)})`, 1);
    });
    if (!response.ok) throw await errorOf(operation.service.name, response);
    return response;
  }

  #baseOf(operation: Operation): string {
    const base = this.urls[operation.service.name];
    if (base === undefined) throw new Error(`No URL is known for the ${operation.service.name} service.`);
    return base;
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

function urlOf(base: string, operation: Operation, input: OperationInput<Operation>): URL {
  const params = (input.params ?? {}) as Record<string, string>;
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const url = new URL(path, base);
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** What became of an answer that had begun. */
function brokenOff({ service, timeoutMs }: Operation, { signal }: Caller, error: Error): unknown {
  if (signal.aborted) return signal.reason;
  if (error.name === 'TimeoutError') return errors.timeout(`The ${service.name} service`, timeoutMs);
  return errors.upstream(service.name, `its answer is not whole (${reasonOf(error)})`);
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}

/** Passes a service's own error on: the caller's mistake stays a 4xx, a service's failure stays its failure. */
async function errorOf(service: string, response: Response): Promise<ServiceError> {
  const text = await response.text();
  const told = parseError(text);
  if (told === undefined) return errors.upstream(service, `status ${response.status}`);
  const retryAfter = response.headers.get(rateLimitHeaders.retryAfter);
  return new ServiceError({
    status: response.status,
    code: told.code,
    message: told.message,
    ...(typeof told.param === 'string' ? { param: told.param } : {}),
    details: told.details,
    headers: retryAfter === null ? {} : { [rateLimitHeaders.retryAfter]: retryAfter },
  });
}

function parseError(text: string): ServiceError['body']['error'] | undefined {
  try {
    return (JSON.parse(text) as ServiceError['body']).error;
  } catch {
    return undefined;
  }
}
