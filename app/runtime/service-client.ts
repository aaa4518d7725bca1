import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Dispatcher, Pool, util } from 'undici';
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
import { AnswerLines, type StreamForm } from './answer-lines.js';
import { type AnswerHead, type CallBounds, isSuccess } from './bounded-call.js';
import { brokenOff, errorOf, late, unreachable } from './call-errors.js';
import { type Caller, callerHeaders } from './caller.js';
import type { ServiceError } from './errors.js';
import { readAnswer } from './read-answer.js';
import { askStreamed, type PartReader, type StreamedAnswer } from './streamed-answer.js';
import { askWhole } from './whole-answer.js';

/** Base URLs by service name: the contract's in a cluster, loopback ports on one machine. */
export type ServiceUrls = Readonly<Record<string, string>>;

/** A file, of which the bytes are still to come. */
export interface ServiceContent {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Readable;
}

/** Of a streamed answer, in their order. */
export interface Parts<T> extends Readable {
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<T>;
}

/**
 * Calls operations of other services over HTTP, on behalf of a caller. It asks undici itself: `fetch`, which stands above it, takes three
 * times the processor time for web streams and signals that nobody here needs.
 */
export class ServiceClient {
  readonly #pools = new Map<string, Pool>();

  constructor(readonly urls: ServiceUrls) {}

  /** @throws {ServiceError} the service's own error; 502 when it cannot be reached or breaks its contract, 504 when it is late */
  call<O extends Operation>(
    operation: O,
    input: OperationInput<O> & RawInput,
    caller: Caller,
  ): Promise<z.output<O['response']>> {
    return inSpan(spanOf(operation, caller), async (traceparent = caller.traceparent) => {
      const answer = await askWhole(
        this.#poolOf(operation),
        requestOf(operation, input, { ...caller, traceparent }),
        boundsOf(operation, caller),
      );
      if (isSuccess(answer)) return readAnswer(operation, answer.text);
      throw refusalOf(operation, answer, answer.text);
    });
  }

  /** Calls an operation whose answer is a file. */
  async content<O extends Operation>(operation: O, input: OperationInput<O>, caller: Caller): Promise<ServiceContent> {
    const { headers, body } = await this.#open(operation, input, caller);
    return { headers: util.parseHeaders([...headers]), body };
  }

  /**
   * Calls a streaming operation, and gives its parts as they come, once the first has. They break off with an error where the stream
   * does; destroyed before their end, they end the call.
   * @param form what is made of the parts. @default they are given as they are
   * @throws {ServiceError} as `call` does, before the first part
   */
  async stream<O extends Operation, T = z.output<O['response']>>(
    operation: O,
    input: OperationInput<O>,
    caller: Caller,
    form?: StreamForm<z.output<O['response']>, T>,
  ): Promise<Parts<T>> {
    const span = startSpan(spanOf(operation, caller));
    try {
      const traceparent = traceparentOf(span) ?? caller.traceparent;
      const lines = new AnswerLines(operation, form);
      const { body } = await this.#open(operation, input, { ...caller, traceparent }, lines);
      return body.once('close', () => {
        const error = body.brokenBy ?? body.errored;
        if (error != null) failSpan(span, errorTypeOf(error));
        else if (body.readableEnded) span.end();
        else failSpan(span, 'abandoned');
      });
    } catch (error) {
      failSpan(span, errorTypeOf(error));
      throw error;
    }
  }

  async #open<O extends Operation>(
    operation: O,
    input: OperationInput<O>,
    caller: Caller,
    parts?: PartReader,
  ): Promise<StreamedAnswer> {
    const request = requestOf(operation, input, caller);
    const answer = await askStreamed(this.#poolOf(operation), request, boundsOf(operation, caller), parts);
    if (!isSuccess(answer)) throw refusalOf(operation, answer, await text(answer.body));
    // It may have come and broken off at once: nobody has listened for that yet.
    if (answer.body.errored !== null) throw answer.body.errored;
    return answer;
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

function boundsOf(operation: Operation, { signal }: Caller): CallBounds {
  return {
    signal,
    timeoutMs: operation.timeoutMs,
    late: () => late(operation),
    failed: (error, begun) => (begun ? brokenOff(operation, error) : unreachable(operation, error)),
  };
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

/** The service's own error. */
function refusalOf({ service }: Operation, { status, headers }: AnswerHead, body: string): ServiceError {
  return errorOf(service.name, status, body, util.parseHeaders([...headers])[rateLimitHeaders.retryAfter]);
}
