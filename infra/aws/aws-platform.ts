import { Alias } from '@pulumi/aws/kms/alias.js';
import { Key } from '@pulumi/aws/kms/key.js';
import type { Provider } from '@pulumi/aws/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { SecretRef } from '../../constructs/index.js';
import { backups, rabbitmq, rag } from '../../contract/index.js';
import type { EnvironmentConfig } from '../../stacks/index.js';
import type { AwsConfig } from './aws-config.js';
import { ACCOUNT } from './aws-site.js';
import { Broker } from './broker.js';
import { Bucket } from './bucket.js';
import { Cache } from './cache.js';
import { Cluster } from './cluster.js';
import { GATEWAY_NODE_PORT } from './cluster-software.js';
import { Database } from './database.js';
import { Entrance } from './entrance.js';
import type { AwaitedOutputs } from './fill-outputs.js';
import { type MadeSecrets, madeSecrets } from './made-secrets.js';
import { Network } from './network.js';
import { nodeGroupPlan } from './node-group-plan.js';
import { Registry } from './registry.js';
import { spending } from './spending.js';
import type { StoreProps } from './store-props.js';
import { bucketStatements, WorkloadIdentity } from './workload-identity.js';

/** How long what was overwritten or deleted can be had back. */
const KEEP_VERSIONS_DAYS = 90;

export interface AwsPlatformProps {
  readonly config: AwsConfig;
  /** As it is on AWS. */
  readonly environment: EnvironmentConfig;
  readonly requiredSecrets: readonly SecretRef[];
  /** Names of the pods that there will be. */
  readonly accounts: ReadonlySet<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** All that an environment has of AWS, from an empty account. */
export class AwsPlatform extends pulumi.ComponentResource {
  readonly cluster: Cluster;
  readonly registry: Registry;
  /** What the environment's objects wait for. */
  readonly outputs: AwaitedOutputs;
  readonly secrets: MadeSecrets;
  /** Roles of pods: a pod gets its own when it starts, and not later. */
  readonly identities: readonly pulumi.Resource[];
  /** Names of the pods that have one. */
  readonly identified: readonly string[];

  constructor(name: string, props: AwsPlatformProps, { provider, ...options }: { readonly provider: Provider }) {
    super('armature:aws:AwsPlatform', name, {}, { ...options, providers: [provider] });
    const { config, environment, requiredSecrets, tags } = props;
    const parent = { parent: this };
    const key = new Key(
      name,
      { description: 'Data at rest', enableKeyRotation: true, deletionWindowInDays: 30 },
      { ...parent, protect: true },
    );
    new Alias(name, { name: `alias/${name}-${pulumi.getStack()}`, targetKeyId: key.keyId }, parent);
    this.secrets = madeSecrets(requiredSecrets, parent);
    const network = new Network(name, config, parent);
    const nodeGroups = nodeGroupPlan(environment.nodePools);
    this.cluster = new Cluster(name, { config, network, key, nodeGroups, tags }, parent);
    this.registry = new Registry(name, { key }, parent);
    const documents = new Bucket('documents', { key, keepVersionsDays: KEEP_VERSIONS_DAYS }, parent);
    const saved = new Bucket('backups', { key, keepVersionsDays: KEEP_VERSIONS_DAYS }, parent);
    const store = (of: EnvironmentConfig['redis' | 'postgres' | 'rabbitmq']): StoreProps => ({
      ...{ network, key, size: config.size, clients: this.cluster.securityGroupId },
      password: this.#secret(of.password),
    });
    const cache = new Cache('redis', store(environment.redis), parent);
    const database = new Database('postgres', { ...store(environment.postgres), account: ACCOUNT }, parent);
    const broker =
      config.broker === 'amazon-mq'
        ? new Broker(rabbitmq.name, { ...store(environment.rabbitmq), account: ACCOUNT }, parent)
        : undefined;
    this.outputs = {
      cacheHost: cache.host,
      databaseHost: database.host,
      ...(broker && { brokerHost: broker.host }),
      documentsBucket: documents.name,
      backupsBucket: saved.name,
      registry: this.registry.url,
    };
    const uses = usesOf(props.accounts, documents, saved);
    this.identified = uses.map((use) => use.name);
    this.identities = uses.map((use) => this.#identity(use, environment.namespace, key));
    const { ingress } = environment;
    if (ingress.kind !== 'none') {
      const { host } = ingress;
      const { hostedZoneId } = config;
      const way = { host, hostedZoneId, network, cluster: this.cluster, nodePort: GATEWAY_NODE_PORT };
      new Entrance(name, way, parent);
    }
    spending(name, pulumi.getStack(), config, parent);
    this.registerOutputs();
  }

  #secret({ secret, key }: SecretRef): pulumi.Output<string> {
    const made = this.secrets[secret]?.[key];
    if (made === undefined) throw new Error(`The Secret "${secret}" has no key "${key}" that the program makes.`);
    return made;
  }

  #identity({ name, bucket }: BucketUse, namespace: string, key: Key): WorkloadIdentity {
    return new WorkloadIdentity(
      { clusterName: this.cluster.name, namespace, serviceAccount: name, statements: bucketStatements(bucket, key) },
      { parent: this },
    );
  }
}

/** Pods that read and write a bucket. */
interface BucketUse {
  readonly name: string;
  readonly bucket: Bucket;
}

/** The originals of documents are one service's, the backups those jobs' that there are. */
function usesOf(accounts: ReadonlySet<string>, documents: Bucket, saved: Bucket): readonly BucketUse[] {
  const jobs = Object.values(backups).filter((job) => accounts.has(job.name));
  return [{ name: rag.name, bucket: documents }, ...jobs.map((job) => ({ name: job.name, bucket: saved }))];
}
