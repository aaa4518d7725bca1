import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Endpoint } from '../../contract/vocabulary/index.js';
import { objectMeta, type PlatformContext, podSelector } from '../platform-context.js';
import { podDisruptionBudget } from './pod-disruption-budget.js';
import { deployment } from './workload-object.js';

export interface ReplicatedPodsProps {
  readonly platform: PlatformContext;
  readonly spec: Pick<Endpoint, 'name'>;
  readonly replicas: number;
  readonly template: k8s.PodTemplateSpec;
}

/** So many pods alike that keep nothing: a Deployment that puts a new one in place before an old one goes, and its disruption budget. */
export function replicatedPods(
  scope: Construct,
  { platform, spec, replicas, template }: ReplicatedPodsProps,
): { readonly deployment: ApiObject; readonly disruptionBudget: k8s.KubePodDisruptionBudget } {
  const metadata = objectMeta(platform, spec);
  const selector = podSelector(platform, spec);
  return {
    deployment: deployment(scope, 'deployment', {
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: selector },
        revisionHistoryLimit: 5,
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: k8s.IntOrString.fromNumber(1), maxUnavailable: k8s.IntOrString.fromNumber(0) },
        },
        template,
      },
    }),
    disruptionBudget: podDisruptionBudget(scope, { metadata, selector }),
  };
}
