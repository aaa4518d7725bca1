import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as z from 'zod';
import { METRIC_LOSS_ANSWERS } from '../../contract/vocabulary/index.js';
import { holdProps } from '../hold-props.js';
import type { RecordedMetric } from '../observability/recording-rule.js';
import { markSourceLine } from '../source-line.js';
import { bytesOf, millicoresOf } from '../workload/quantity.js';
import type { Release } from '../workload/release.js';
import type { AutoscalerProps } from './autoscaler-props.js';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.js';
import { lossSubstitute } from './loss-substitute.js';
import { kedaProblems, scaledObject } from './scaled-object.js';
import { scalingBehavior } from './scaling-behavior.js';
import { type MetricsSource, type ScalingTarget, sourceOf, targetProblem } from './scaling-target.js';

const share = z.int('must be a whole percentage of the request: 70').min(1, 'must be 1 percent or more');
const autoscalerProps = z.object({
  minReplicas: z.int('must be a whole number'),
  maxReplicas: z.int('must be a whole number'),
  cpuPercent: share,
  memoryPercent: share,
  behavior: scalingBehavior,
  targets: z.array(z.object({ onMetricLoss: z.enum(METRIC_LOSS_ANSWERS).optional() })).optional(),
});

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
    holdProps(this, autoscalerProps, props);
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

function boundProblems(props: AutoscalerProps): string[] {
  const { minReplicas, maxReplicas } = props;
  const problems: string[] = [];
  if (minReplicas < 2) problems.push(`minReplicas ${minReplicas}: at least 2, or a drain takes the service away.`);
  if (minReplicas > maxReplicas) problems.push(`minReplicas ${minReplicas} is above maxReplicas ${maxReplicas}.`);
  return [...problems, ...shareProblems(props), ...repeatedMetrics(props)];
}

/** A container is held to its limit, so no share of the request above that is ever reached. */
function shareProblems({ cpuPercent, memoryPercent, release: { resources } }: AutoscalerProps): string[] {
  const cpu = (100 * millicoresOf(resources.cpu.limit)) / millicoresOf(resources.cpu.request);
  const memory = (100 * bytesOf(resources.memory.limit)) / bytesOf(resources.memory.request);
  return [['cpuPercent', cpuPercent, cpu] as const, ['memoryPercent', memoryPercent, memory] as const].flatMap(
    ([name, percent, most]) =>
      percent < most
        ? []
        : [
            `${name} ${percent} is never reached: the limit is ${Math.floor(most)} % of the request. Fix: a lower share, or a higher limit.`,
          ],
  );
}

function repeatedMetrics({ targets = [] }: AutoscalerProps): string[] {
  const names = targets.map(({ metric }) => metric.name);
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  return twice.map((name) => `"${name}" is a target twice, and only the lower one counts. Fix: leave one of them out.`);
}
