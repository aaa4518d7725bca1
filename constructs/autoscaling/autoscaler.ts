import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectMeta } from '../platform-context.js';
import type { Release } from '../workload/release.js';
import { hpaRules, type ScalingBehavior } from './scaling-behavior.js';
import { hpaMetric, hpaResource, type MetricsSource, type ScalingTarget, targetProblem } from './scaling-target.js';

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
}

/** A HorizontalPodAutoscaler that can only be written for metrics that somebody serves. */
export class Autoscaler extends Construct {
  readonly release: Release;
  readonly targets: readonly ScalingTarget[];
  readonly maxReplicas: number;
  readonly hpa: k8s.KubeHorizontalPodAutoscalerV2;

  /** @throws naming every bound or metric that cannot work. */
  constructor(scope: Construct, id: string, props: AutoscalerProps) {
    super(scope, id);
    this.release = props.release;
    this.targets = props.targets ?? [];
    this.maxReplicas = props.maxReplicas;
    const problems = [...boundProblems(props), ...this.metricProblems(props)];
    if (problems.length > 0) throw new Error([`${this.node.path}:`, ...problems].join('\n  '));

    const { release } = props;
    release.scaleBy(this);
    this.hpa = new k8s.KubeHorizontalPodAutoscalerV2(this, 'hpa', {
      metadata: objectMeta(release.platform, release.spec, release.name),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: release.name },
        minReplicas: props.minReplicas,
        maxReplicas: props.maxReplicas,
        metrics: [
          hpaResource('cpu', props.cpuPercent),
          hpaResource('memory', props.memoryPercent),
          ...this.targets.map((target) => hpaMetric(target, release.platform.namespace)),
        ],
        behavior: { scaleUp: hpaRules(props.behavior.scaleUp), scaleDown: hpaRules(props.behavior.scaleDown) },
      },
    });
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
