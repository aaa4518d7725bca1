import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { RecordedMetric } from '../observability/recording-rule.js';
import { markSourceLine } from '../source-line.js';
import type { Release } from '../workload/release.js';
import type { AutoscalerProps } from './autoscaler-props.js';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.js';
import { lossSubstitute } from './loss-substitute.js';
import { kedaProblems, scaledObject } from './scaled-object.js';
import { type MetricsSource, type ScalingTarget, sourceOf, targetProblem } from './scaling-target.js';

/** An autoscaler that can only be written for metrics that somebody serves: Kubernetes' own, or KEDA's. */
export class Autoscaler extends Construct {
  readonly release: Release;
  readonly targets: readonly ScalingTarget[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** A HorizontalPodAutoscaler, or a ScaledObject of which KEDA makes one. */
  readonly object: ApiObject;
  private readonly scraped: readonly MetricsSource[];
  private readonly keda: boolean;

  /** @throws naming every bound or metric that cannot work. */
  constructor(scope: Construct, id: string, props: AutoscalerProps) {
    super(scope, id);
    markSourceLine(this);
    this.release = props.release;
    this.targets = props.targets ?? [];
    this.minReplicas = props.minReplicas;
    this.maxReplicas = props.maxReplicas;
    this.scraped = props.scraped ?? [];
    this.keda = props.keda !== undefined;
    const kedas = props.keda ? kedaProblems(props) : [];
    const problems = [...boundProblems(props), ...this.metricProblems(), ...kedas];
    if (problems.length > 0) throw new Error([`${this.node.path}:`, ...problems].join('\n  '));

    props.release.scaleBy(this);
    this.object = props.keda ? scaledObject(this, props, props.keda) : horizontalPodAutoscaler(this, props);
  }

  /** What Prometheus must keep for it: the metric of every target. */
  get recorded(): readonly RecordedMetric[] {
    return this.targets.map((target) => this.recordedFor(target));
  }

  /** A target's metric, and what Prometheus must put in its place while it is lost, if anything; KEDA does that by itself. */
  recordedFor(target: ScalingTarget): RecordedMetric {
    const { metric } = target;
    // The constructor has refused what nobody exposes.
    const job = sourceOf(metric, this.release.spec, this.scraped)?.name ?? '';
    const substitute = this.keda ? undefined : lossSubstitute(target, this.maxReplicas);
    return { metric, job, ...(substitute && { substitutes: [substitute] }) };
  }

  private metricProblems(): string[] {
    return this.targets.flatMap((target) => targetProblem(target, this.release.spec, this.scraped) ?? []);
  }
}

function boundProblems({ minReplicas, maxReplicas }: AutoscalerProps): string[] {
  const problems: string[] = [];
  if (minReplicas < 2) problems.push(`minReplicas ${minReplicas}: at least 2, or a drain takes the service away.`);
  if (minReplicas > maxReplicas) problems.push(`minReplicas ${minReplicas} is above maxReplicas ${maxReplicas}.`);
  return problems;
}
