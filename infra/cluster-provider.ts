import { Provider } from '@pulumi/kubernetes/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from './stack-config.js';

/** How Pulumi reaches the cluster of a stack, and what it does there. */
export function clusterProvider({ target, adopt }: Pick<StackConfig, 'target' | 'adopt'>): Provider {
  const { context, kubeconfig } = target;
  return new Provider('cluster', {
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfig: pulumi.secret(kubeconfig) }),
    // A stack is one cluster. Without this, a kubeconfig with another server or user would delete and make again all that stands.
    clusterIdentifier: pulumi.getStack(),
    enableServerSideApply: true,
    // In place: to Pulumi they are immutable, and pods would find them gone while they are made anew.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    upsertExistingObjects: adopt,
  });
}
