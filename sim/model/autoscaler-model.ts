import type { Autoscaler } from '../../constructs/index.js';
import {
  canaryFloor,
  httpRequestDuration,
  httpRequests,
  queueMessagesReady,
  type ScalingMetric,
  servedName,
  taskQueueMessages,
} from '../../contract/index.js';
import { type HpaManifestSpec, type HpaSpec, hpaSpecOf } from '../hpa/index.js';
import type { Signal } from './system.js';

/** A ScaledObject, as far as the HPA that KEDA makes of it follows from it. */
interface ScaledObjectSpec {
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly advanced: { readonly horizontalPodAutoscalerConfig: Pick<HpaManifestSpec, 'behavior'> };
  readonly triggers: readonly {
    readonly type: string;
    readonly name?: string;
    readonly metadata: { readonly value?: string; readonly threshold?: string };
  }[];
}

export interface AutoscalerModel {
  readonly spec: HpaSpec;
  readonly signals: readonly Signal[];
  /** Names of metrics that the model has no value for. */
  readonly silent: readonly string[];
}

/** A metric of one container of the pods, which only an escape hatch can have written. */
class ContainerMetricError extends Error {
  override readonly name = 'ContainerMetricError';
  constructor(resource: string, container: string) {
    super(
      `An autoscaler's metric of ${resource} of the container "${container}" cannot be simulated with a load: the model knows the use of whole pods. Fix: a metric of type Resource.`,
    );
  }
}

/** The autoscaler that was synthesised, and what each of its metrics reads. */
export function autoscalerModel(autoscaler: Autoscaler): AutoscalerModel {
  const { kind, spec } = autoscaler.object.toJson() as { kind: string; spec: HpaManifestSpec & ScaledObjectSpec };
  const keda = kind === 'ScaledObject';
  const parsed = hpaSpecOf(keda ? hpaOfScaledObject(spec) : spec);
  const silent: string[] = [];
  const signals = parsed.metrics.map((metric): Signal => {
    if (metric.type === 'Resource') return { kind: metric.resource === 'memory' ? 'memory' : 'cpu' };
    // The model has pods, not their containers.
    if (metric.type === 'ContainerResource') throw new ContainerMetricError(metric.resource, metric.container);
    const target = autoscaler.targets.find(
      ({ metric: known, onMetricLoss = 'hold' }) =>
        metric.name === (keda ? known.name : servedName(known, onMetricLoss)),
    );
    const signal = target && signalOf(target.metric, keda);
    if (signal) return signal;
    silent.push(metric.name);
    return { kind: 'silent' };
  });
  return { spec: parsed, signals, silent };
}

function signalOf({ of, scope, name }: ScalingMetric, keda: boolean): Signal | undefined {
  // The model stays at the first step of a release, for which the floors of the slots themselves are enough.
  if (of === canaryFloor) return { kind: 'silent' };
  if (of === queueMessagesReady || of === taskQueueMessages) return { kind: 'backlog' };
  if (of === httpRequests) return { kind: 'rate', of: scope === 'pod' && !keda ? 'pod' : 'all' };
  const [, percent] = /_p(\d+)$/.exec(name) ?? [];
  if (of === httpRequestDuration && percent !== undefined) {
    return { kind: 'quantile', quantile: Number(percent) / 100, summed: keda };
  }
  return undefined;
}

function hpaOfScaledObject({
  minReplicaCount,
  maxReplicaCount,
  advanced,
  triggers,
}: ScaledObjectSpec): HpaManifestSpec {
  return {
    minReplicas: minReplicaCount,
    maxReplicas: maxReplicaCount,
    ...advanced.horizontalPodAutoscalerConfig,
    metrics: triggers.map(({ type, name, metadata }) =>
      type === 'prometheus'
        ? {
            type: 'External',
            external: {
              metric: { name: name ?? type },
              target: { type: 'AverageValue', averageValue: metadata.threshold ?? '' },
            },
          }
        : {
            type: 'Resource',
            resource: { name: type, target: { type: 'Utilization', averageUtilization: Number(metadata.value) } },
          },
    ),
  };
}
