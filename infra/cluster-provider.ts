import { Provider } from '@pulumi/kubernetes/provider.js';
import * as pulumi from '@pulumi/pulumi';

/** How a cluster is reached. */
export interface ClusterAccess {
  /** Context of the kubeconfig. @default its current one */
  readonly context?: string;
  /** Content of a kubeconfig. @default the file that KUBECONFIG names, or ~/.kube/config */
  readonly kubeconfig?: pulumi.Input<string>;
}

/**
 * How Pulumi reaches the cluster of a stack, and what it does there.
 * @param adopt whether objects that stand in the cluster already are taken over rather than refused
 */
export function clusterProvider({ context, kubeconfig }: ClusterAccess, adopt: boolean): Provider {
  return new Provider('cluster', {
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfig }),
    // A stack is one cluster. Without this, a kubeconfig with another server or user would delete and make again all that stands.
    clusterIdentifier: pulumi.getStack(),
    enableServerSideApply: true,
    // In place: to Pulumi they are immutable, and pods would find them gone while they are made anew.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    upsertExistingObjects: adopt,
  });
}
