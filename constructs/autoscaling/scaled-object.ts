import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { OnMetricLoss } from '../../contract/vocabulary/index.js';
import { recordedSelector } from '../observability/recording-rule.js';
import { objectMeta } from '../platform-context.js';
import type { Release } from '../workload/release.js';
import type { AutoscalerProps, KedaSource } from './autoscaler-props.js';
import { meanOverPods, podCount } from './release-series.js';
import { hpaRules } from './scaling-behavior.js';
import { type ScalingTarget, sourceOf } from './scaling-target.js';

/** KEDA asks for a metric as often as the autoscaler does, every 15 seconds: a minute, after which a substitute of ours would stand too. */
const FAILURES_BEFORE_FALLBACK = 3;

/** KEDA puts its prefix before the name of the autoscaler that it makes, and keeps the name in a label. */
const LONGEST_NAME = 63 - 'keda-hpa-'.length;

/** KEDA's autoscaler: the same bounds, behaviour and targets as Kubernetes' own, from which KEDA makes one. */
export function scaledObject(scope: Construct, props: AutoscalerProps, keda: KedaSource): ApiObject {
  const { release, minReplicas, maxReplicas, behavior, targets = [] } = props;
  return new ApiObject(scope, 'scaled-object', {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: objectMeta(release.platform, release.spec, release.name),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: release.name },
      minReplicaCount: minReplicas,
      maxReplicaCount: maxReplicas,
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: { scaleUp: hpaRules(behavior.scaleUp), scaleDown: hpaRules(behavior.scaleDown) },
        },
      },
      // KEDA refuses a fallback where all triggers are CPU and memory.
      ...(targets.length > 0 && {
        fallback: {
          failureThreshold: FAILURES_BEFORE_FALLBACK,
          ...fallback(targets[0]?.onMetricLoss ?? 'hold', props),
        },
      }),
      triggers: [
        resourceTrigger('cpu', props.cpuPercent),
        resourceTrigger('memory', props.memoryPercent),
        ...targets.map((target) => prometheusTrigger(target, props, keda)),
      ],
    },
  });
}

/** What KEDA cannot do, of what Kubernetes' own autoscaler can. */
export function kedaProblems({ release, targets = [] }: AutoscalerProps): string[] {
  const problems: string[] = [];
  const answers = targets.map(({ metric, onMetricLoss = 'hold' }) => `${metric.name}: ${onMetricLoss}`);
  if (new Set(targets.map(({ onMetricLoss = 'hold' }) => onMetricLoss)).size > 1) {
    problems.push(
      `onMetricLoss differs (${answers.join(', ')}); a ScaledObject has one fallback for all its triggers. Fix: give all targets the same, or use MetricsBackend.prometheusAdapter().`,
    );
  }
  if (release.name.length > LONGEST_NAME) {
    problems.push(
      `"${release.name}" has ${release.name.length} characters; KEDA takes at most ${LONGEST_NAME}. Fix: a shorter name of the service, or MetricsBackend.prometheusAdapter().`,
    );
  }
  return problems;
}

/** `replicas` is required in any case; at `currentReplicas` KEDA does not read it. */
function fallback(onMetricLoss: OnMetricLoss, { minReplicas, maxReplicas }: AutoscalerProps) {
  if (onMetricLoss === 'hold') return { behavior: 'currentReplicas', replicas: minReplicas };
  return { behavior: 'static', replicas: onMetricLoss === 'floor' ? minReplicas : maxReplicas };
}

function resourceTrigger(type: 'cpu' | 'memory', percent: number) {
  return { type, metricType: 'Utilization', metadata: { value: String(percent) } };
}

function prometheusTrigger(target: ScalingTarget, { release, scraped = [] }: AutoscalerProps, keda: KedaSource) {
  const { metric, averageValue } = target;
  const job = sourceOf(metric, release.spec, scraped)?.name ?? '';
  const series = recordedSelector(release.platform, { metric, job });
  return {
    type: 'prometheus',
    name: metric.name,
    metricType: 'AverageValue',
    metadata: {
      serverAddress: keda.prometheusUrl,
      query: metric.scope === 'pod' ? sumOverPods(series, release, job) : `max(${series})`,
      threshold: String(averageValue),
      // Otherwise a lost series counts as 0, and the workload shrinks to its floor.
      ignoreNullValues: 'false',
    },
  };
}

/**
 * A ScaledObject divides one number by the pods: the mean of the release's pods that have a value, times all its pods. Adding up alone
 * would take a pod that is not reached for one without work.
 */
function sumOverPods(series: string, release: Release, job: string): string {
  return `${meanOverPods(series, release, job)} * ${podCount(release, job)}`;
}
