import * as pulumi from '@pulumi/pulumi';
import { type EnvironmentClass, environments, type Manifests, manifestsOf } from '../stacks/index.js';
import { clusterProvider } from './cluster-provider.js';
import { deploymentPlan } from './deployment-plan.js';
import { type EnvironmentAddresses, environmentAddresses } from './environment-addresses.js';
import { secretManifests } from './environment-secrets.js';
import type { KubeManifest } from './kube-manifest.js';
import { KubernetesEnvironment } from './kubernetes-environment.js';
import { readStackConfig } from './read-stack-config.js';

/** What `pulumi stack output` tells. */
export interface StackOutputs extends EnvironmentAddresses {
  readonly environment: string;
  readonly namespace: string;
}

/**
 * Brings up the environment of the current stack.
 *
 * @param classes environments by the names that a configuration may say. @default those of `armature synth`
 * @throws {pulumi.RunError} naming every bad key of the configuration.
 */
export function program(classes: Readonly<Record<string, EnvironmentClass>> = environments): StackOutputs {
  const known = new Map(
    Object.entries(classes).map(([name, Environment]) => [name, once(() => manifestsOf(Environment))]),
  );
  const config = readStackConfig(
    new Map([...known].map(([name, synthesise]) => [name, () => synthesise().requiredSecrets])),
  );
  const synthesise = known.get(config.environment);
  if (synthesise === undefined) throw new Error(`There is no environment "${config.environment}".`);
  const { name, namespace, objects } = synthesise();
  const manifests = objects as readonly KubeManifest[];
  const secrets = secretManifests(namespace, config.secrets ?? {}, (value) => pulumi.secret(value));
  new KubernetesEnvironment(name, deploymentPlan([...manifests, ...secrets], config), {
    providers: [clusterProvider(config)],
  });
  return { environment: name, namespace, ...environmentAddresses(manifests) };
}

/** Synthesis is asked for the keys of Secrets first, and for the objects when the configuration is good. */
function once(synthesise: () => Manifests): () => Manifests {
  let made: Manifests | undefined;
  return () => {
    made ??= synthesise();
    return made;
  };
}
