import {
  type Attributes,
  INVALID_SPAN_CONTEXT,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ATTRIBUTES } from './attributes.js';
import { formatTraceparent, parseTraceparent } from './trace-context.js';

export { type Span, SpanKind } from '@opentelemetry/api';

export interface SpanOptions {
  /** Service that does the work. */
  readonly scope: string;
  /** Of few different values: no ids, no text of users. */
  readonly name: string;
  readonly kind: SpanKind;
  /** @default none: the span begins a trace */
  readonly parent?: string | undefined;
  /** Trace context of another's trace that it has to do with. @default none */
  readonly linked?: string | undefined;
  readonly attributes?: Attributes;
}

/**
 * Starts a span. The parent is passed on by hand, as the caller's identity is, so that a span belongs to the request that its
 * work is done for. Where nothing is traced it records nothing and stands for its parent.
 */
export function startSpan({ scope, name, kind, parent, linked, attributes }: SpanOptions): Span {
  const known = parseTraceparent(parent);
  const tracer = tracerOf(scope);
  if (tracer === undefined) return known ? trace.wrapSpanContext({ ...known, isRemote: true }) : NOTHING;
  const context = known ? trace.setSpanContext(ROOT_CONTEXT, { ...known, isRemote: true }) : ROOT_CONTEXT;
  const other = parseTraceparent(linked);
  const links = other ? [{ context: { ...other, isRemote: true } }] : [];
  return tracer.startSpan(name, { kind, links, ...(attributes && { attributes }) }, context);
}

/** Stands for no parent where nothing is traced. */
const NOTHING = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** @returns `undefined` where nothing is traced: what OpenTelemetry does of no consequence is done for each request */
function tracerOf(scope: string): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(scope) : provider.getTracer(scope);
}

/** What the work within a span passes on. @returns `undefined` where nothing is traced and the span has no parent */
export function traceparentOf(span: Span): string | undefined {
  return trace.isSpanContextValid(span.spanContext()) ? formatTraceparent(span.spanContext()) : undefined;
}

/** Ends a span whose work has failed. */
export function failSpan(span: Span, errorType: string): void {
  span.setAttribute(ATTRIBUTES.errorType, errorType).setStatus({ code: SpanStatusCode.ERROR }).end();
}

/** A kind of error. Its text may be a user's, and stays out of spans. */
export function errorTypeOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Does work within a span that ends with it.
 * @param work gets what it passes on: the span, or where nothing is traced the parent
 */
export function inSpan<T>(options: SpanOptions, work: SpannedWork<T>): Promise<T> {
  return tracerOf(options.scope) === undefined ? work(options.parent, NOTHING) : recorded(options, work);
}

type SpannedWork<T> = (traceparent: string | undefined, span: Span) => Promise<T>;

async function recorded<T>(options: SpanOptions, work: SpannedWork<T>): Promise<T> {
  const span = startSpan(options);
  try {
    const value = await work(traceparentOf(span), span);
    span.end();
    return value;
  } catch (error) {
    failSpan(span, errorTypeOf(error));
    throw error;
  }
}
