import { Provider } from '@pulumi/aws/provider.js';
import * as pulumi from '@pulumi/pulumi';
import { type EnvironmentClass, manifestsOf } from '../../stacks/index.js';
import { clusterProvider } from '../cluster-provider.js';
import { deploymentPlan } from '../deployment-plan.js';
import { environmentAddresses } from '../environment-addresses.js';
import { secretManifests } from '../environment-secrets.js';
import type { KubeManifest } from '../kube-manifest.js';
import { KubernetesEnvironment } from '../kubernetes-environment.js';
import type { StackConfig } from '../stack-config.js';
import type { StackOutputs } from '../stack-outputs.js';
import { filled } from './awaited.js';
import type { AwsConfig } from './aws-config.js';
import { AwsPlatform } from './aws-platform.js';
import { awsSite } from './aws-site.js';
import { clusterWide, identityPolicy, withoutServerName } from './cluster-manifests.js';
import { ClusterSoftware } from './cluster-software.js';
import { costTags } from './cost-tags.js';
import { fillOutputs } from './fill-outputs.js';
import { DATABASE_CA, type MadeSecrets } from './made-secrets.js';
import { rdsCertificates } from './rds-certificates.js';

/** Name of what there is one of in a stack. */
const NAME = 'armature';

/** Brings up an environment on AWS: what AWS makes, and on its cluster the objects of the same class as anywhere. */
export function deployOnAws(Environment: EnvironmentClass, config: StackConfig, aws: AwsConfig): StackOutputs {
  const { name, namespace, objects, requiredSecrets, config: environment } = manifestsOf(Environment, awsSite(aws));
  const manifests = objects as readonly KubeManifest[];
  const tags = costTags(pulumi.getStack(), name, aws.tags);
  const region = aws.region as NonNullable<ConstructorParameters<typeof Provider>[1]>['region'];
  const provider = new Provider('aws', { region, defaultTags: { tags } });
  const accounts = new Set(
    manifests.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name),
  );
  const platform = new AwsPlatform(NAME, { config: aws, environment, requiredSecrets, accounts, tags }, { provider });
  const { cluster } = platform;
  const cloud = { providers: [provider, clusterProvider({ kubeconfig: cluster.kubeconfig }, config.adopt)] };
  const software = new ClusterSoftware(NAME, { cluster, region: aws.region }, cloud);

  const all = [
    ...filled(manifests, fillOutputs(platform.outputs)).map(withoutServerName),
    ...clusterWide,
    identityPolicy(namespace, platform.identified),
    ...secretManifests(namespace, allSecrets(config, platform.secrets, aws.region), sealed),
  ];
  const definitions = [software.definitions];
  const servers = cluster.addons.servers;
  new KubernetesEnvironment(name, deploymentPlan(all, config), cloud, {
    policies: definitions,
    config: definitions,
    certificates: servers,
    data: [...software.mesh, ...servers, ...platform.identities],
  });
  return {
    ...{ environment: name, namespace, ...environmentAddresses(manifests) },
    aws: { kubeconfig: cluster.kubeconfig, registry: platform.registry.url },
  };
}

/** Those of the configuration, and those that the program makes. */
function allSecrets(
  { secrets = {} }: StackConfig,
  made: MadeSecrets,
  region: string,
): Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>> {
  const names = new Set([...Object.keys(secrets), ...Object.keys(made)]);
  const certificates = { [DATABASE_CA.secret]: { [DATABASE_CA.key]: rdsCertificates(region) } };
  return Object.fromEntries(
    [...names].map((name) => [name, { ...secrets[name], ...made[name], ...certificates[name] }]),
  );
}

function sealed(value: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(value).apply((text) => Buffer.from(text).toString('base64')));
}
