import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import {
  CANARY_COMMAND_ANNOTATION,
  type CanaryCommand,
  canaryReleaseResource,
  formatCanaryCommand,
  requestBudget,
} from '../../../contract/index.js';
import type { Release } from '../../canary/release-cluster.js';
import { type CanaryReleaseObject, canaryReleaseFrom } from './canary-release-object.js';
import { limitedClient } from './limited-client.js';

/** Releases as a person sees and commands them. */
export interface CanaryReleaseAccess {
  readonly namespace: string;
  list(): Promise<readonly Release[]>;
  command(name: string, command: CanaryCommand): Promise<void>;
}

/** By the context of KUBECONFIG or ~/.kube/config, in its namespace. */
export function openCanaryReleases(): CanaryReleaseAccess {
  const config = new KubeConfig();
  config.loadFromDefault();
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  const objects = limitedClient(config, CustomObjectsApi, requestBudget.kubernetesCallMs);
  const { group, version, plural } = canaryReleaseResource;
  const complain = (text: string) => process.stderr.write(`${text}\n`);
  return {
    namespace,
    async list() {
      const { items } = await objects.listNamespacedCustomObject({ group, version, plural, namespace });
      return (items as CanaryReleaseObject[]).flatMap((object) => canaryReleaseFrom(object, complain) ?? []);
    },
    async command(name, command) {
      const body = { metadata: { annotations: { [CANARY_COMMAND_ANNOTATION]: formatCanaryCommand(command) } } };
      await objects.patchNamespacedCustomObject(
        { group, version, plural, namespace, name, body },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
    },
  };
}
