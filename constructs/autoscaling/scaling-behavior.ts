import type { k8s } from 'cdk8s-plus-28';
import * as z from 'zod';

/** How fast replicas may change in one direction. */
export const scalingRules = z.strictObject({
  /** The autoscaler acts on the mildest wish of so many seconds; 0 acts at once. */
  stabilizationSeconds: z.int().min(0).max(3600),
  /** Share of the replicas, in percent, that may come or go per period. */
  percent: z.int().min(1),
  /** Replicas that may come or go per period. */
  pods: z.int().min(1),
  periodSeconds: z.int().min(1).max(1800),
  /** Which of the two decides: the one that allows more, or less. */
  select: z.enum(['Max', 'Min']),
});
export type ScalingRules = Readonly<z.infer<typeof scalingRules>>;

export const scalingBehavior = z.strictObject({ scaleUp: scalingRules, scaleDown: scalingRules });
/** Both directions, always: cdk8s-plus's defaults are not Kubernetes' own. */
export type ScalingBehavior = Readonly<z.infer<typeof scalingBehavior>>;

export function hpaRules(rules: ScalingRules): k8s.HpaScalingRulesV2 {
  return {
    stabilizationWindowSeconds: rules.stabilizationSeconds,
    selectPolicy: rules.select,
    policies: [
      { type: 'Percent', value: rules.percent, periodSeconds: rules.periodSeconds },
      { type: 'Pods', value: rules.pods, periodSeconds: rules.periodSeconds },
    ],
  };
}
