import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/**
 * Lets a quarter of the pods, and always one, be moved at a time. A budget by `minAvailable` would block every drain once an
 * autoscaler has gone down to it.
 */
export function podDisruptionBudget(
  scope: Construct,
  props: { readonly metadata: k8s.ObjectMeta; readonly selector: Readonly<Record<string, string>> },
): k8s.KubePodDisruptionBudget {
  return new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: props.metadata,
    spec: {
      maxUnavailable: k8s.IntOrString.fromString('25%'),
      selector: { matchLabels: { ...props.selector } },
      // A pod that is not ready serves nobody: it never stands in the way of a drain.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}
