import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { servedName } from '../../contract/vocabulary/index.js';
import { objectMeta } from '../platform-context.js';
import { decimalQuantity } from '../workload/quantity.js';
import type { AutoscalerProps } from './autoscaler-props.js';
import { hpaRules } from './scaling-behavior.js';
import type { ScalingTarget } from './scaling-target.js';

/** Kubernetes' own autoscaler, which reads what the metrics APIs serve. */
export function horizontalPodAutoscaler(scope: Construct, props: AutoscalerProps): k8s.KubeHorizontalPodAutoscalerV2 {
  const { release, behavior, targets = [] } = props;
  return new k8s.KubeHorizontalPodAutoscalerV2(scope, 'hpa', {
    metadata: objectMeta(release.platform, release.spec, release.name),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: release.name },
      minReplicas: props.minReplicas,
      maxReplicas: props.maxReplicas,
      metrics: [
        hpaResource('cpu', props.cpuPercent),
        hpaResource('memory', props.memoryPercent),
        ...targets.map((target) => hpaMetric(target, release.platform.namespace)),
      ],
      behavior: { scaleUp: hpaRules(behavior.scaleUp), scaleDown: hpaRules(behavior.scaleDown) },
    },
  });
}

/** A Pods metric for what each pod has of its own, an Object one for what an object has, an External one for what all pods share. */
function hpaMetric(
  { metric, averageValue, onMetricLoss = 'hold' }: ScalingTarget,
  namespace: string,
): k8s.MetricSpecV2 {
  const source = {
    metric: { name: servedName(metric, onMetricLoss) },
    target: { type: 'AverageValue', averageValue: decimalQuantity(averageValue) },
  };
  if (metric.scope === 'pod') return { type: 'Pods', pods: source };
  if (metric.scope === 'cluster') return { type: 'External', external: source };
  const { kind } = metric.object;
  const name = metric.object.kind === 'Service' ? metric.object.name : namespace;
  return { type: 'Object', object: { ...source, describedObject: { apiVersion: 'v1', kind, name } } };
}

/** A share of what the pods request, in percent. */
function hpaResource(name: 'cpu' | 'memory', percent: number): k8s.MetricSpecV2 {
  return { type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization: percent } } };
}
