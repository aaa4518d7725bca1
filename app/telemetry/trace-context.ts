/** W3C trace context of one request: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceContext {
  readonly traceId: string;
  readonly traceparent: string;
}

/** What a `traceparent` header says. */
export interface Traceparent {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0: whether the trace is kept. */
  readonly traceFlags: number;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** @returns `undefined` where the header is absent or malformed */
export function parseTraceparent(header: string | undefined): Traceparent | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

export function formatTraceparent({ traceId, spanId, traceFlags }: Traceparent): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/**
 * A trace of our own, kept by whoever records traces.
 *
 * @param randomHex gives that many random bytes as hex
 */
export function newTrace(randomHex: (bytes: number) => string): TraceContext {
  const ids = randomHex(16 + 8);
  const traceId = ids.slice(0, 32);
  return { traceId, traceparent: `00-${traceId}-${ids.slice(32)}-01` };
}
