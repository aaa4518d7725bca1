/** W3C trace context of one request: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceContext {
  readonly traceId: string;
  readonly traceparent: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Continues the caller's trace with a span of our own, or starts a new one where the header is absent or malformed.
 *
 * @param randomHex gives that many random bytes as hex
 */
export function continueTrace(header: string | undefined, randomHex: (bytes: number) => string): TraceContext {
  const [, callerTraceId, , flags] = TRACEPARENT.exec(header ?? '') ?? [];
  const known = callerTraceId !== undefined && !/^0+$/.test(callerTraceId);
  const traceId = known ? callerTraceId : randomHex(16);
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${known ? flags : '01'}` };
}
