import * as form from './value-form.js';

/** Fields, and what they take. Paths are dotted; `*` stands for each entry of a list or mapping. */
export type FieldForms = Readonly<Record<string, form.ValueForm>>;

const MOST_REPLICAS = 2 ** 31 - 1;
const HOUR_SECONDS = 3600;
/** Whoever asks less often, or waits longer, wrote milliseconds. */
const PROBE_SECONDS = form.wholeNumber(1, HOUR_SECONDS, 'number of seconds');
const FEW_HOURS = form.wholeNumber(0, 6 * HOUR_SECONDS, 'number of seconds');
/** A long game or build may be waited for up to a day: those are whole hours, which milliseconds are not. */
const WHOLE_HOURS = Array.from({ length: 24 }, (_, i) => (i + 1) * HOUR_SECONDS);
const TERMINATION_SECONDS: form.ValueForm = {
  ...FEW_HOURS,
  accepts: (value) => FEW_HOURS.accepts(value) || WHOLE_HOURS.includes(Number(value)),
};

const CONTAINER: FieldForms = {
  name: form.dnsLabel,
  image: form.imageReference,
  'env.*.name': form.variableName,
  'env.*.value': form.text,
  'ports.*.containerPort': form.port,
  'ports.*.name': form.portName,
  'resources.*.*': form.quantity,
  'volumeMounts.*.mountPath': form.absolutePath,
  ...Object.fromEntries(
    ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => [
      [`${probe}.periodSeconds`, PROBE_SECONDS],
      [`${probe}.timeoutSeconds`, PROBE_SECONDS],
      [`${probe}.initialDelaySeconds`, form.wholeNumber(0, HOUR_SECONDS, 'number of seconds')],
      [`${probe}.failureThreshold`, form.wholeNumber(1, MOST_REPLICAS)],
      // Only readiness may be won back slowly.
      [`${probe}.successThreshold`, form.wholeNumber(1, probe === 'readinessProbe' ? MOST_REPLICAS : 1)],
    ]),
  ),
};

function below(list: string, forms: FieldForms): FieldForms {
  return Object.fromEntries(Object.entries(forms).map(([path, one]) => [`${list}.*.${path}`, one]));
}

/** Of a pod, from its `spec`. */
export const podFields: FieldForms = {
  ...below('containers', CONTAINER),
  ...below('initContainers', CONTAINER),
  terminationGracePeriodSeconds: TERMINATION_SECONDS,
  'volumes.*.name': form.dnsLabel,
  'volumes.*.emptyDir.sizeLimit': form.quantity,
  'volumes.*.secret.items.*.path': form.relativePath,
  'volumes.*.configMap.items.*.path': form.relativePath,
  ...Object.fromEntries(
    ['secret', 'configMap', 'projected', 'downwardAPI'].map((kind) => [`volumes.*.${kind}.defaultMode`, form.fileMode]),
  ),
};

/** What the pods of a kind do when they have ended: a Deployment's never do, and a job's are not begun again for ever. */
export const restartPolicies: Readonly<Record<string, form.ValueForm>> = {
  Deployment: form.oneOf('Always'),
  StatefulSet: form.oneOf('Always'),
  DaemonSet: form.oneOf('Always'),
  Job: form.oneOf('OnFailure', 'Never'),
  CronJob: form.oneOf('OnFailure', 'Never'),
};

/** Of every object. */
export const commonFields: FieldForms = { 'metadata.annotations.*': form.text };

const REPLICAS: FieldForms = { 'spec.replicas': form.wholeNumber(0, MOST_REPLICAS) };
const STORAGE = 'resources.requests.storage';
const MUTUAL_TLS = form.oneOf('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');

/** Of objects of a kind. */
export const kindFields: Readonly<Record<string, FieldForms>> = {
  ConfigMap: { 'data.*': form.text },
  // Pulumi hands its policies other values in the place of a Secret's.
  Secret: { 'stringData.*': form.text },
  Deployment: REPLICAS,
  StatefulSet: { ...REPLICAS, [`spec.volumeClaimTemplates.*.spec.${STORAGE}`]: form.quantity },
  PersistentVolumeClaim: { [`spec.${STORAGE}`]: form.quantity },
  Service: { 'spec.ports.*.port': form.port, 'spec.ports.*.name': form.servicePortName },
  ResourceQuota: { 'spec.hard.*': form.quantity },
  PriorityClass: { value: form.wholeNumber(-MOST_REPLICAS, 1_000_000_000) },
  HorizontalPodAutoscaler: {
    'spec.minReplicas': form.wholeNumber(1, MOST_REPLICAS),
    'spec.maxReplicas': form.wholeNumber(1, MOST_REPLICAS),
    'spec.behavior.*.selectPolicy': form.oneOf('Max', 'Min', 'Disabled'),
    'spec.behavior.*.policies.*.type': form.oneOf('Pods', 'Percent'),
    'spec.behavior.*.policies.*.value': form.wholeNumber(1, MOST_REPLICAS),
    'spec.metrics.*.pods.target.type': form.oneOf('AverageValue'),
    'spec.metrics.*.object.target.type': form.oneOf('Value', 'AverageValue'),
    'spec.metrics.*.external.target.type': form.oneOf('Value', 'AverageValue'),
    'spec.metrics.*.*.target.averageValue': form.positiveQuantity,
    'spec.metrics.*.*.target.value': form.positiveQuantity,
  },
  NetworkPolicy: {
    'spec.ingress.*.from.*.ipBlock.cidr': form.addressRange,
    'spec.egress.*.to.*.ipBlock.cidr': form.addressRange,
    'spec.ingress.*.from.*.ipBlock.except.*': form.addressRange,
    'spec.egress.*.to.*.ipBlock.except.*': form.addressRange,
    'spec.policyTypes.*': form.oneOf('Ingress', 'Egress'),
  },
  VirtualService: {
    'spec.http.*.timeout': form.duration,
    'spec.http.*.retries.perTryTimeout': form.duration,
    'spec.http.*.fault.delay.fixedDelay': form.duration,
  },
  DestinationRule: {
    'spec.trafficPolicy.outlierDetection.interval': form.duration,
    'spec.trafficPolicy.outlierDetection.baseEjectionTime': form.duration,
    'spec.trafficPolicy.outlierDetection.maxEjectionPercent': form.wholeNumber(0, 100, 'percentage'),
    'spec.trafficPolicy.connectionPool.tcp.connectTimeout': form.duration,
    'spec.trafficPolicy.connectionPool.http.idleTimeout': form.duration,
  },
  PeerAuthentication: { 'spec.mtls.mode': MUTUAL_TLS, 'spec.portLevelMtls.*.mode': MUTUAL_TLS },
  AuthorizationPolicy: { 'spec.action': form.oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM') },
};
