import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Substitute } from '../observability/recording-rule.js';
import type { Release } from '../workload/release.js';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.js';
import { lossSubstitute } from './loss-substitute.js';
import { kedaProblems, scaledObject } from './scaled-object.js';
import type { ScalingBehavior } from './scaling-behavior.js';
import { type MetricsSource, type ScalingTarget, targetProblem } from './scaling-target.js';

/** Whom KEDA asks. */
export interface KedaSource {
  /** Address of Prometheus, as KEDA's namespace sees it. */
  readonly prometheusUrl: string;
}

export interface AutoscalerProps {
  /** Created with `replicas: 'autoscaled'`. */
  readonly release: Release;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Mean CPU, in percent of the request. */
  readonly cpuPercent: number;
  /** Mean memory, in percent of the request. */
  readonly memoryPercent: number;
  readonly behavior: ScalingBehavior;
  /** Metrics beside CPU and memory. @default none */
  readonly targets?: readonly ScalingTarget[];
  /** Whoever else Prometheus scrapes: where a metric comes from that is not each pod's own. @default none */
  readonly scraped?: readonly MetricsSource[];
  /** Scales through KEDA, by a ScaledObject. @default Kubernetes' own autoscaler, which reads the metrics APIs */
  readonly keda?: KedaSource;
}

/** An autoscaler that can only be written for metrics that somebody serves: Kubernetes' own, or KEDA's. */
export class Autoscaler extends Construct {
  readonly release: Release;
  readonly targets: readonly ScalingTarget[];
  readonly maxReplicas: number;
  /** A HorizontalPodAutoscaler, or a ScaledObject of which KEDA makes one. */
  readonly object: ApiObject;
  private readonly keda: boolean;

  /** @throws naming every bound or metric that cannot work. */
  constructor(scope: Construct, id: string, props: AutoscalerProps) {
    super(scope, id);
    this.release = props.release;
    this.targets = props.targets ?? [];
    this.maxReplicas = props.maxReplicas;
    this.keda = props.keda !== undefined;
    const kedas = props.keda ? kedaProblems(props) : [];
    const problems = [...boundProblems(props), ...this.metricProblems(props), ...kedas];
    if (problems.length > 0) throw new Error([`${this.node.path}:`, ...problems].join('\n  '));

    props.release.scaleBy(this);
    this.object = props.keda ? scaledObject(this, props, props.keda) : horizontalPodAutoscaler(this, props);
  }

  /** What Prometheus must put in the place of a target's metric while that is lost, if anything; KEDA does it by itself. */
  substituteFor(target: ScalingTarget): Substitute | undefined {
    return this.keda ? undefined : lossSubstitute(target, this.maxReplicas);
  }

  private metricProblems({ release, scraped }: AutoscalerProps): string[] {
    return this.targets.flatMap((target) => targetProblem(target, release.spec, scraped ?? []) ?? []);
  }
}

function boundProblems({ minReplicas, maxReplicas }: AutoscalerProps): string[] {
  const problems: string[] = [];
  if (minReplicas < 2) problems.push(`minReplicas ${minReplicas}: at least 2, or a drain takes the service away.`);
  if (minReplicas > maxReplicas) problems.push(`minReplicas ${minReplicas} is above maxReplicas ${maxReplicas}.`);
  return problems;
}
