import * as z from 'zod';
import { istioDuration } from '../../contract/vocabulary/index.js';
import { propForms } from '../hold-props.js';

/** What is held of the props of whatever carries requests to a service. */
export const trafficProps = z.object({
  timeoutMs: propForms.timeoutMs,
  betaHeader: propForms.header.optional(),
  maxConnections: z.int().min(1).optional(),
  maxPendingRequests: z.int().min(1).optional(),
  /** Within a zone a few milliseconds are enough. */
  connectTimeoutMs: z.number('must be a number of milliseconds').min(1, 'must be 1 millisecond or more').optional(),
  idleTimeoutSeconds: propForms.seconds.min(1, 'must be 1 second or more'),
});

/** How callers' proxies treat the pods of one service. */
export interface TrafficPolicyProps {
  /** Connections that one caller's proxy holds open to the service. @default 1024 */
  readonly maxConnections?: number;
  /** Requests of one caller that wait for a connection; one more is refused at once. @default 1024 */
  readonly maxPendingRequests?: number;
  /** A pod that does not take a connection for so long has failed. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** Shorter than the server keeps an idle connection open, so that the proxy never sends into one that is being closed. */
  readonly idleTimeoutSeconds: number;
}

/**
 * Bounds on a caller's connections, and pods that fail are left alone for a while.
 *
 * A pod is put aside after five connections in a row that failed, or ten answers in a row of 5xx: one alone is not the pod's
 * fault, and a model provider that is away makes all pods answer 503. So at most half of them are put aside, and none while less
 * than half are well.
 */
export function trafficPolicy(props: TrafficPolicyProps): object {
  const { maxConnections = 1024, maxPendingRequests = 1024, connectTimeoutMs = 2000, idleTimeoutSeconds } = props;
  return {
    connectionPool: {
      tcp: { maxConnections, connectTimeout: istioDuration(connectTimeoutMs) },
      http: { http1MaxPendingRequests: maxPendingRequests, idleTimeout: istioDuration(idleTimeoutSeconds * 1000) },
    },
    outlierDetection: {
      splitExternalLocalOriginErrors: true,
      consecutiveLocalOriginFailures: 5,
      consecutive5xxErrors: 10,
      interval: '10s',
      baseEjectionTime: '30s',
      maxEjectionPercent: 50,
      minHealthPercent: 50,
    },
  };
}
