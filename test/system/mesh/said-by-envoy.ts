import type { HttpRoute } from '../../../contract/index.js';
import { at } from '../../support/cluster.js';
import type { ProxyRoute } from './caller-proxy.js';

/** A traffic policy of Istio's, by the names of Envoy's API (envoy.config.cluster.v3). */
export function clusterOf(policy: object): object {
  const { tcp, http } = at(policy, 'connectionPool') as Record<'tcp' | 'http', Record<string, unknown>>;
  const outlier = at(policy, 'outlierDetection') as Record<string, unknown>;
  return {
    connect_timeout: tcp.connectTimeout,
    circuit_breakers: {
      thresholds: [{ max_connections: tcp.maxConnections, max_pending_requests: http.http1MaxPendingRequests }],
    },
    outlier_detection: {
      split_external_local_origin_errors: outlier.splitExternalLocalOriginErrors,
      consecutive_local_origin_failure: outlier.consecutiveLocalOriginFailures,
      consecutive_5xx: outlier.consecutive5xxErrors,
      interval: outlier.interval,
      base_ejection_time: outlier.baseEjectionTime,
      max_ejection_percent: outlier.maxEjectionPercent,
    },
    common_lb_config: { healthy_panic_threshold: { value: outlier.minHealthPercent } },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        common_http_protocol_options: { idle_timeout: http.idleTimeout },
      },
    },
  };
}

/** What the environment says of a route's time and repetitions. */
export function routeStated({ name, match, timeout, retries }: HttpRoute) {
  const method = match?.[0]?.method?.regex;
  const retry = retries?.attempts ? { retryOn: retries.retryOn, attempts: retries.attempts } : undefined;
  return { name, timeout, ...(method && { method }), ...(retry && { retry }) };
}

/** What Envoy makes of it. */
export function routeKept({ name, match, route }: ProxyRoute) {
  const { timeout, retry_policy: policy } = route;
  const method = at(match, 'headers.0.string_match.safe_regex.regex');
  const retry = policy && { retryOn: policy.retry_on, attempts: policy.num_retries };
  return { name, timeout, ...(method !== undefined && { method }), ...(retry && { retry }) };
}
