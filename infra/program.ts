import * as pulumi from '@pulumi/pulumi';
import { type EnvironmentClass, environments, type Manifests, manifestsOf } from '../stacks/index.js';
import { deployOnAws } from './aws/deploy-on-aws.js';
import { clusterProvider } from './cluster-provider.js';
import { deploymentPlan } from './deployment-plan.js';
import { environmentAddresses } from './environment-addresses.js';
import { secretManifests } from './environment-secrets.js';
import type { KubeManifest } from './kube-manifest.js';
import { KubernetesEnvironment } from './kubernetes-environment.js';
import { readStackConfig } from './read-stack-config.js';
import type { StackOutputs } from './stack-outputs.js';

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
  const config = readStackConfig(known);
  const { target } = config;
  const Environment = classes[config.environment];
  const synthesise = known.get(config.environment);
  if (Environment === undefined || synthesise === undefined) {
    throw new Error(`There is no environment "${config.environment}".`);
  }
  if (target.kind === 'aws') return deployOnAws(Environment, config, target.aws);
  const { name, namespace, objects } = synthesise();
  const manifests = objects as readonly KubeManifest[];
  const secrets = secretManifests(namespace, config.secrets ?? {}, sealed);
  const { context, kubeconfig } = target;
  const access = {
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfig: pulumi.secret(kubeconfig) }),
  };
  new KubernetesEnvironment(name, deploymentPlan([...manifests, ...secrets], config), {
    providers: [clusterProvider(access, config.adopt)],
  });
  return { environment: name, namespace, ...environmentAddresses(manifests) };
}

function sealed(value: string): pulumi.Output<string> {
  return pulumi.secret(Buffer.from(value).toString('base64'));
}

/** Synthesis is asked for the keys of Secrets first, and for the objects when the configuration is good. */
function once(synthesise: () => Manifests): () => Manifests {
  let made: Manifests | undefined;
  return () => {
    made ??= synthesise();
    return made;
  };
}
