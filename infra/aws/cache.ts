import { ParameterGroup } from '@pulumi/aws/elasticache/parameterGroup.js';
import { ReplicationGroup } from '@pulumi/aws/elasticache/replicationGroup.js';
import { SubnetGroup } from '@pulumi/aws/elasticache/subnetGroup.js';
import * as pulumi from '@pulumi/pulumi';
import { redis } from '../../contract/index.js';
import { storeAccess } from './store-access.js';
import type { StoreProps } from './store-props.js';

const ENGINE = { engine: 'valkey', engineVersion: '8.0', family: 'valkey8' } as const;

/** Valkey by ElastiCache, which speaks Redis: encrypted, TLS with a password, and where the size says so a replica in every zone. */
export class Cache extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;

  constructor(
    name: string,
    { network, clients, key, size, password }: StoreProps,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('armature:aws:Cache', name, {}, options);
    const { nodeType, nodes, snapshotDays } = size.cache;
    const parent = { parent: this };
    const subnets = new SubnetGroup(name, { subnetIds: network.dataSubnets.map(({ id }) => id) }, parent);
    const group = storeAccess(name, { vpcId: network.vpc.id, from: clients, port: redis.port }, parent);
    const parameters = new ParameterGroup(
      name,
      {
        family: ENGINE.family,
        // Sessions and tasks have a time at which they end; what has none must not go because memory is short.
        parameters: [{ name: 'maxmemory-policy', value: 'volatile-lru' }],
      },
      parent,
    );
    const server = new ReplicationGroup(
      name,
      {
        description: 'Caches, sessions, limits and tasks',
        engine: ENGINE.engine,
        engineVersion: ENGINE.engineVersion,
        parameterGroupName: parameters.name,
        nodeType,
        numCacheClusters: nodes,
        automaticFailoverEnabled: nodes > 1,
        multiAzEnabled: nodes > 1,
        port: redis.port,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        transitEncryptionEnabled: true,
        authToken: password,
        atRestEncryptionEnabled: true,
        kmsKeyId: key.arn,
        snapshotRetentionLimit: snapshotDays,
        snapshotWindow: '02:30-03:30',
        maintenanceWindow: 'sun:04:00-sun:05:00',
        finalSnapshotIdentifier: `${name}-${pulumi.getStack()}-final`,
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
      },
      { ...parent, protect: true },
    );
    this.host = server.primaryEndpointAddress;
    this.registerOutputs();
  }
}
