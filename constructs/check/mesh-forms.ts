import { count, type FieldForms, positiveCount } from './field-forms.js';
import * as form from './value-form.js';

const MUTUAL_TLS = form.oneOf('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');
const TRAFFIC = 'spec.trafficPolicy';

/** Of Istio's objects, by their kind, and of the Gateway API's where a kind has both. */
export const meshForms: Readonly<Record<string, FieldForms>> = {
  VirtualService: {
    'spec.http.*.timeout': form.duration,
    'spec.http.*.retries.perTryTimeout': form.duration,
    'spec.http.*.retries.attempts': count,
    'spec.http.*.route.*.weight': form.wholeNumber(0, 100, 'percentage'),
    'spec.http.*.fault.delay.fixedDelay': form.duration,
    'spec.http.*.match.*.headers.*.exact': form.text,
  },
  DestinationRule: {
    [`${TRAFFIC}.outlierDetection.interval`]: form.duration,
    [`${TRAFFIC}.outlierDetection.baseEjectionTime`]: form.duration,
    [`${TRAFFIC}.outlierDetection.consecutive5xxErrors`]: count,
    [`${TRAFFIC}.outlierDetection.maxEjectionPercent`]: form.wholeNumber(0, 100, 'percentage'),
    [`${TRAFFIC}.connectionPool.tcp.connectTimeout`]: form.duration,
    [`${TRAFFIC}.connectionPool.tcp.maxConnections`]: positiveCount,
    [`${TRAFFIC}.connectionPool.http.idleTimeout`]: form.duration,
    [`${TRAFFIC}.loadBalancer.simple`]: form.oneOf(
      ...['UNSPECIFIED', 'ROUND_ROBIN', 'LEAST_REQUEST', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH'],
    ),
    [`${TRAFFIC}.tls.mode`]: form.oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
    'spec.subsets.*.labels.*': form.text,
  },
  Gateway: {
    'spec.servers.*.port.number': form.port,
    'spec.servers.*.port.protocol': form.oneOf('HTTP', 'HTTPS', 'GRPC', 'GRPC-WEB', 'HTTP2', 'MONGO', 'TCP', 'TLS'),
    'spec.servers.*.tls.mode': form.oneOf(
      ...['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL'],
    ),
    'spec.listeners.*.port': form.port,
    'spec.listeners.*.hostname': form.hostName,
  },
  HTTPRoute: {
    'spec.hostnames.*': form.hostName,
    'spec.rules.*.backendRefs.*.weight': form.wholeNumber(0, 1_000_000, 'share'),
    'spec.rules.*.timeouts.*': form.duration,
  },
  PeerAuthentication: { 'spec.mtls.mode': MUTUAL_TLS, 'spec.portLevelMtls.*.mode': MUTUAL_TLS },
  AuthorizationPolicy: {
    'spec.action': form.oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    'spec.rules.*.to.*.operation.methods.*': form.method,
    'spec.rules.*.to.*.operation.ports.*': form.text,
  },
};
