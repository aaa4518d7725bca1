import { LogGroup } from '@pulumi/aws/cloudwatch/logGroup.js';
import { AccessEntry } from '@pulumi/aws/eks/accessEntry.js';
import { AccessPolicyAssociation } from '@pulumi/aws/eks/accessPolicyAssociation.js';
import { Cluster as EksCluster } from '@pulumi/aws/eks/cluster.js';
import type { Key } from '@pulumi/aws/kms/key.js';
import * as pulumi from '@pulumi/pulumi';
import type { AwsConfig } from './aws-config.js';
import { type ClusterAddons, clusterAddons } from './cluster-addons.js';
import { execKubeconfig } from './exec-kubeconfig.js';
import type { Network } from './network.js';
import type { NodeGroupPlan } from './node-group-plan.js';
import { NodeGroups } from './node-groups.js';
import { ServiceRole } from './service-role.js';

const ADMIN_POLICY = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

export interface ClusterProps {
  readonly config: AwsConfig;
  readonly network: Network;
  /** What Secrets are encrypted with. */
  readonly key: Key;
  readonly nodeGroups: readonly NodeGroupPlan[];
  /** On machines that the program starts and AWS's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Kubernetes by EKS: its API, nodes for each kind of pod, and what a cluster needs before anything else. */
export class Cluster extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  /** Of nodes and pods alike. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly nodes: NodeGroups;
  readonly addons: ClusterAddons;

  constructor(
    name: string,
    { config, network, key, nodeGroups, tags }: ClusterProps,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('armature:aws:Cluster', name, {}, options);
    const parent = { parent: this };
    const role = new ServiceRole(
      `${name}-control-plane`,
      { service: 'eks.amazonaws.com', managedPolicies: ['AmazonEKSClusterPolicy'] },
      parent,
    );
    // EKS would make the group by itself, and keep the logs for ever.
    const clusterName = `${name}-${pulumi.getStack()}`;
    const logs = new LogGroup(
      name,
      { name: `/aws/eks/${clusterName}/cluster`, retentionInDays: config.size.logDays },
      parent,
    );
    const cluster = new EksCluster(
      name,
      {
        name: clusterName,
        version: config.kubernetesVersion,
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: network.nodeSubnets.map(({ id }) => id),
          endpointPrivateAccess: true,
          endpointPublicAccess: config.apiCidrs.length > 0,
          ...(config.apiCidrs.length > 0 && { publicAccessCidrs: [...config.apiCidrs] }),
        },
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ['secrets'] },
        enabledClusterLogTypes: LOG_TYPES,
        // Who makes the cluster goes on to make what is in it.
        accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: false,
        deletionProtection: true,
        upgradePolicy: { supportType: 'STANDARD' },
      },
      { ...parent, dependsOn: [...role.grants, logs] },
    );
    this.name = cluster.name;
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.kubeconfig = pulumi
      .all([cluster.name, cluster.endpoint, cluster.certificateAuthority])
      .apply(([id, server, { data }]) =>
        execKubeconfig({ name: id, server, certificate: data, region: config.region }),
      );
    for (const principalArn of config.admins) this.#admin(principalArn);
    this.nodes = new NodeGroups(
      name,
      { clusterName: this.name, network, groups: nodeGroups, size: config.size, tags },
      parent,
    );
    this.addons = clusterAddons(name, this.name, this.nodes.groups, parent);
    this.registerOutputs();
  }

  #admin(principalArn: string): void {
    const who = principalArn.slice(principalArn.lastIndexOf('/') + 1);
    const entry = new AccessEntry(who, { clusterName: this.name, principalArn }, { parent: this });
    const what = { principalArn: entry.principalArn, policyArn: ADMIN_POLICY, accessScope: { type: 'cluster' } };
    new AccessPolicyAssociation(who, { clusterName: this.name, ...what }, { parent: this });
  }
}
