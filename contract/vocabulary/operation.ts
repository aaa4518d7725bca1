import * as z from 'zod';
import type { ServiceSpec } from './service.js';

/**
 * One HTTP operation of a service. The service validates by it, the callers are typed by it, and the path stands nowhere else.
 * Absent parts (`params`, `query`, `body`) are not read.
 */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly service: ServiceSpec;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Fastify template, such as `/tasks/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The answer, or with `stream` each line of it. */
  readonly response: Response;
  /** The caller gives up after this long. */
  readonly timeoutMs: number;
  /** The answer is newline-delimited JSON, each line one `response`. */
  readonly stream: boolean;
  /** The request's body is the content itself, not JSON. */
  readonly rawBody: boolean;
  /** The answer is the content itself, of the type that its header says, not JSON. */
  readonly rawAnswer: boolean;
}

/** What a caller gives an operation. */
export interface OperationInput<O extends Operation> {
  readonly params?: z.input<O['params']>;
  readonly query?: z.input<O['query']>;
  readonly body?: z.input<O['body']>;
}

const nothing = z.object({});
type Nothing = typeof nothing;

interface OperationProps<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>
  extends Pick<Operation, 'service' | 'method' | 'path' | 'summary' | 'timeoutMs'> {
  /** @default none */
  readonly params?: P;
  /** @default none */
  readonly query?: Q;
  /** @default none */
  readonly body?: B;
  readonly response: R;
  /** @default false */
  readonly rawAnswer?: boolean;
  /** @default false */
  readonly stream?: boolean;
  /** @default false */
  readonly rawBody?: boolean;
}

export function operation<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(props: OperationProps<P, Q, B, R>): Operation<P, Q, B, R> {
  return {
    ...props,
    params: props.params ?? (nothing as unknown as P),
    query: props.query ?? (nothing as unknown as Q),
    // Fastify hands an absent body over as null.
    body: props.body ?? (z.unknown() as unknown as B),
    stream: props.stream ?? false,
    rawBody: props.rawBody ?? false,
    rawAnswer: props.rawAnswer ?? false,
  };
}
