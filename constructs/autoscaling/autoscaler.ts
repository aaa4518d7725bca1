import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Substitute } from '../observability/recording-rule.js';
import { markSourceLine } from '../source-line.js';
import type { Release } from '../workload/release.js';
import type { AutoscalerProps } from './autoscaler-props.js';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.js';
import { lossSubstitute } from './loss-substitute.js';
import { kedaProblems, scaledObject } from './scaled-object.js';
import { type ScalingTarget, targetProblem } from './scaling-target.js';

/** An autoscaler that can only be written for metrics that somebody serves: Kubernetes' own, or KEDA's. */
export class Autoscaler extends Construct {
  readonly release: Release;
  readonly targets: readonly ScalingTarget[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** A HorizontalPodAutoscaler, or a ScaledObject of which KEDA makes one. */
  readonly object: ApiObject;
  private readonly keda: boolean;

  /** @throws naming every bound or metric that cannot work. */
  constructor(scope: Construct, id: string, props: AutoscalerProps) {
    super(scope, id);
    markSourceLine(this);
    this.release = props.release;
    this.targets = props.targets ?? [];
    this.minReplicas = props.minReplicas;
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
