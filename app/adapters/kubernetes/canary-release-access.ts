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
import { type ClusterPlace, ClusterProblem, tellingProblems } from './cluster-problem.js';
import { limitedClient } from './limited-client.js';

/** Releases as a person sees and commands them. */
export interface CanaryReleaseAccess {
  readonly namespace: string;
  list(): Promise<readonly Release[]>;
  command(name: string, command: CanaryCommand): Promise<void>;
}

/**
 * By the context of KUBECONFIG or ~/.kube/config, in its namespace.
 * @throws {ClusterProblem} as the calls do, for what a person can mend
 */
export function openCanaryReleases(): CanaryReleaseAccess {
  const { config, place } = readKubeConfig();
  const { namespace } = place;
  const objects = limitedClient(config, CustomObjectsApi, requestBudget.kubernetesCallMs);
  const { group, version, plural } = canaryReleaseResource;
  const complain = (text: string) => process.stderr.write(`${text}\n`);
  return {
    namespace,
    list: () =>
      tellingProblems(place, async () => {
        const { items } = await objects.listNamespacedCustomObject({ group, version, plural, namespace });
        return (items as CanaryReleaseObject[]).flatMap((object) => canaryReleaseFrom(object, complain) ?? []);
      }),
    command: (name, command) =>
      tellingProblems(place, async () => {
        const body = { metadata: { annotations: { [CANARY_COMMAND_ANNOTATION]: formatCanaryCommand(command) } } };
        await objects.patchNamespacedCustomObject(
          { group, version, plural, namespace, name, body },
          setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
        );
      }),
  };
}

/** What the library takes for a context where it finds no file. */
const NO_FILE = 'loaded-context';

function readKubeConfig(): { readonly config: KubeConfig; readonly place: ClusterPlace } {
  const config = new KubeConfig();
  const { KUBECONFIG: file = '~/.kube/config' } = process.env;
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new ClusterProblem(
      `The kubeconfig ${file} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : error}. Fix: have KUBECONFIG name the file of your cluster.`,
    );
  }
  const context = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (context === NO_FILE) {
    throw new ClusterProblem(
      `There is no kubeconfig: ${file} is not there. Fix: have KUBECONFIG name the file of your cluster.`,
    );
  }
  if (cluster === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new ClusterProblem(
      `The kubeconfig ${file} has no cluster for its current context "${context ?? ''}" (contexts: ${known.join(', ') || 'none'}). Fix: kubectl config use-context NAME.`,
    );
  }
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) {
    throw new ClusterProblem(
      `${cluster.server} (context ${context}) is no https:// address, and nobody's credentials go elsewhere. Fix: the server's address in ${file}, or insecure-skip-tls-verify: true for one on your own machine.`,
    );
  }
  const namespace = config.getContextObject(context)?.namespace ?? 'default';
  return { config, place: { server: cluster.server, context, namespace } };
}
