import { below, count, type FieldForms, fewHours, HOUR_SECONDS, positiveCount } from './field-forms.js';
import * as form from './value-form.js';

/** Whoever asks less often, or waits longer, wrote milliseconds. */
const PROBE_SECONDS = form.wholeNumber(1, HOUR_SECONDS, 'number of seconds');
/** A long game or build may be waited for up to a day: those are whole hours, which milliseconds are not. */
const WHOLE_HOURS = Array.from({ length: 24 }, (_, i) => (i + 1) * HOUR_SECONDS);
const TERMINATION_SECONDS: form.ValueForm = {
  ...fewHours,
  accepts: (value) => fewHours.accepts(value) || WHOLE_HOURS.includes(Number(value)),
};

function probe(name: string): FieldForms {
  return {
    [`${name}.periodSeconds`]: PROBE_SECONDS,
    [`${name}.timeoutSeconds`]: PROBE_SECONDS,
    [`${name}.initialDelaySeconds`]: form.wholeNumber(0, HOUR_SECONDS, 'number of seconds'),
    [`${name}.failureThreshold`]: positiveCount,
    // Only readiness may be won back slowly.
    [`${name}.successThreshold`]: name === 'readinessProbe' ? positiveCount : form.wholeNumber(1, 1),
    [`${name}.terminationGracePeriodSeconds`]: PROBE_SECONDS,
    [`${name}.exec.command`]: form.texts,
    [`${name}.httpGet.scheme`]: form.oneOf('HTTP', 'HTTPS'),
    [`${name}.httpGet.httpHeaders.*.value`]: form.text,
  };
}

const CONTAINER: FieldForms = {
  name: form.dnsLabel,
  image: form.imageReference,
  imagePullPolicy: form.oneOf('Always', 'IfNotPresent', 'Never'),
  command: form.texts,
  args: form.texts,
  'env.*.name': form.variableName,
  'env.*.value': form.text,
  'ports.*.containerPort': form.port,
  'ports.*.name': form.portName,
  'ports.*.protocol': form.protocol,
  'resources.requests.*': form.quantity,
  'resources.limits.*': form.quantity,
  'volumeMounts.*.mountPath': form.absolutePath,
  'volumeMounts.*.readOnly': form.truth,
  'securityContext.runAsUser': count,
  'securityContext.runAsGroup': count,
  ...Object.fromEntries(
    ['privileged', 'allowPrivilegeEscalation', 'readOnlyRootFilesystem', 'runAsNonRoot'].map((field) => [
      `securityContext.${field}`,
      form.truth,
    ]),
  ),
  ...probe('livenessProbe'),
  ...probe('readinessProbe'),
  ...probe('startupProbe'),
  'lifecycle.preStop.exec.command': form.texts,
  'lifecycle.postStart.exec.command': form.texts,
};

/** Wherever a volume takes files from. */
const FILE_SOURCES = ['secret', 'configMap', 'downwardAPI'];

/** Of a pod, from its `spec`. */
export const podFields: FieldForms = {
  ...below('containers', CONTAINER),
  ...below('initContainers', CONTAINER),
  terminationGracePeriodSeconds: TERMINATION_SECONDS,
  automountServiceAccountToken: form.truth,
  hostNetwork: form.truth,
  dnsPolicy: form.oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
  'nodeSelector.*': form.text,
  'securityContext.runAsUser': count,
  'securityContext.runAsGroup': count,
  'securityContext.fsGroup': count,
  'securityContext.runAsNonRoot': form.truth,
  'topologySpreadConstraints.*.maxSkew': positiveCount,
  'topologySpreadConstraints.*.whenUnsatisfiable': form.oneOf('DoNotSchedule', 'ScheduleAnyway'),
  ...Object.fromEntries(
    ['nodeAffinity', 'podAffinity', 'podAntiAffinity'].map((kind) => [
      `affinity.${kind}.preferredDuringSchedulingIgnoredDuringExecution.*.weight`,
      form.wholeNumber(1, 100, 'weight'),
    ]),
  ),
  'volumes.*.name': form.dnsLabel,
  'volumes.*.emptyDir.sizeLimit': form.quantity,
  'volumes.*.secret.items.*.path': form.relativePath,
  'volumes.*.configMap.items.*.path': form.relativePath,
  'volumes.*.projected.defaultMode': form.fileMode,
  ...Object.fromEntries(
    FILE_SOURCES.flatMap((kind) => [
      [`volumes.*.${kind}.defaultMode`, form.fileMode],
      [`volumes.*.${kind}.items.*.mode`, form.fileMode],
      [`volumes.*.projected.sources.*.${kind}.items.*.mode`, form.fileMode],
    ]),
  ),
};

const ENDING = form.oneOf('OnFailure', 'Never');

/** What the pods of a kind do when they have ended: a Deployment's never do, and a job's are not begun again for ever. */
export const restartPolicies: Readonly<Record<string, form.ValueForm>> = {
  Deployment: form.oneOf('Always'),
  StatefulSet: form.oneOf('Always'),
  DaemonSet: form.oneOf('Always'),
  Job: ENDING,
  CronJob: ENDING,
};
