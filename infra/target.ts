import type { AwsConfig } from './aws/aws-config.js';

/** Where an environment can go. */
export const TARGETS = ['kubernetes', 'aws'] as const;

/** A cluster that is there already. */
export interface KubernetesTarget {
  readonly kind: 'kubernetes';
  /** Context of the kubeconfig. @default its current one */
  readonly context?: string;
  /** Content of a kubeconfig, in clear. @default the file that KUBECONFIG names, or ~/.kube/config */
  readonly kubeconfig?: string;
}

/** A cluster of its own, and all that it needs of AWS. */
export interface AwsTarget {
  readonly kind: 'aws';
  readonly aws: AwsConfig;
}

/** Where an environment goes. Each kind is read in `stackConfig` and met in `program`. */
export type Target = KubernetesTarget | AwsTarget;
