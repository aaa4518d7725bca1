import { hpaRules } from '../../../constructs/autoscaling/scaling-behavior.js';
import { type HpaManifestSpec, type HpaSpec, hpaSpecOf } from '../../hpa/index.js';
import type { ScalingProps, Signal, System, WorkloadModel } from '../../model/system.js';

type Autoscaled = Extract<ScalingProps['scaling'], { kind: 'autoscaled' }>;

/** The system as its environment would be with other props, without synthesising it anew (a test compares both). */
export function withProps(system: System, props: ScalingProps): System {
  return { ...system, props, workloads: system.workloads.map((model) => scaledBy(model, system.props, props)) };
}

/** The release that a service's floor is meant for; its canary begins with a floor of its own. */
export function isStable({ name, service }: WorkloadModel): boolean {
  return name === service;
}

function scaledBy(model: WorkloadModel, { scaling: before }: ScalingProps, props: ScalingProps): WorkloadModel {
  const { autoscaler } = model;
  const { scaling } = props;
  const own = props.services[model.service as keyof typeof props.services];
  if (!autoscaler || scaling.kind === 'fixed' || before.kind === 'fixed') {
    return { ...model, replicas: own?.replicas ?? model.replicas };
  }
  const { spec, signals } = autoscaler;
  const minReplicas = (isStable(model) ? own?.minReplicas : undefined) ?? spec.minReplicas;
  const tuned: HpaSpec = {
    ...{ minReplicas, maxReplicas: own?.maxReplicas ?? spec.maxReplicas },
    metrics: spec.metrics.map((metric, i) => retargeted(metric, signals[i], before, scaling)),
    behavior: behaviorOf(scaling),
  };
  return { ...model, replicas: minReplicas, autoscaler: { spec: tuned, signals } };
}

function behaviorOf({ behavior: { scaleUp, scaleDown } }: Autoscaled): HpaSpec['behavior'] {
  const behavior = { scaleUp: hpaRules(scaleUp), scaleDown: hpaRules(scaleDown) } as HpaManifestSpec['behavior'];
  return hpaSpecOf({ maxReplicas: 1, ...(behavior && { behavior }) }).behavior;
}

/** Which of the props a metric's target is. */
const PROP_OF = { quantile: 'latencyP99Seconds', backlog: 'backlogPerReplica' } as const;

/** A target that is not the environment's is its service's own, and stays. */
function retargeted(
  metric: HpaSpec['metrics'][number],
  signal: Signal | undefined,
  before: Autoscaled,
  after: Autoscaled,
): HpaSpec['metrics'][number] {
  if ('utilizationPercent' in metric) {
    const prop = metric.resource === 'memory' ? 'memoryPercent' : 'cpuPercent';
    return metric.utilizationPercent === before[prop] ? { ...metric, utilizationPercent: after[prop] } : metric;
  }
  if (signal?.kind !== 'quantile' && signal?.kind !== 'backlog') return metric;
  const prop = PROP_OF[signal.kind];
  const [was, milli] = [before, after].map((scaling) => Math.round(scaling[prop] * 1000)) as [number, number];
  if ('target' in metric) {
    return metric.target.milli === was ? { ...metric, target: { ...metric.target, milli } } : metric;
  }
  return metric.averageMilli === was ? { ...metric, averageMilli: milli } : metric;
}
