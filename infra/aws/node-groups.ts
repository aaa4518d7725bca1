import { LaunchTemplate } from '@pulumi/aws/ec2/launchTemplate.js';
import { NodeGroup } from '@pulumi/aws/eks/nodeGroup.js';
import * as pulumi from '@pulumi/pulumi';
import type { AwsSize } from './aws-size.js';
import type { Network } from './network.js';
import { INSTANCE_TYPES, type NodeGroupPlan } from './node-group-plan.js';
import { ServiceRole } from './service-role.js';

export interface NodeGroupsProps {
  readonly clusterName: pulumi.Input<string>;
  readonly network: Network;
  readonly groups: readonly NodeGroupPlan[];
  readonly size: AwsSize;
  readonly tags: Readonly<Record<string, string>>;
}

/** Managed nodes of each kind, in the private subnets of every zone. */
export class NodeGroups extends pulumi.ComponentResource {
  readonly groups: readonly NodeGroup[];

  constructor(
    name: string,
    { clusterName, network, groups, size, tags }: NodeGroupsProps,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('armature:aws:NodeGroups', name, {}, options);
    const parent = { parent: this };
    const role = new ServiceRole(
      `${name}-node`,
      {
        service: 'ec2.amazonaws.com',
        // The network plugin and the volume driver have roles of their own: a pod on the node gets none of this.
        managedPolicies: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'],
      },
      parent,
    );
    const template = new LaunchTemplate(name, machine(tags), parent);
    const launchTemplate = {
      id: template.id,
      version: template.latestVersion.apply((version) => String(version)),
    };
    this.groups = groups.map(
      (group) =>
        new NodeGroup(
          group.name,
          {
            clusterName,
            nodeRoleArn: role.arn,
            subnetIds: network.nodeSubnets.map(({ id }) => id),
            amiType: 'AL2023_x86_64_STANDARD',
            instanceTypes: [INSTANCE_TYPES[group.placement]],
            scalingConfig: { minSize: size.nodes.min, desiredSize: size.nodes.min, maxSize: size.nodes.max },
            updateConfig: { maxUnavailablePercentage: 33 },
            nodeRepairConfig: { enabled: true },
            launchTemplate,
            labels: { ...group.labels },
            taints: Object.entries(group.taints).map(([key, value]) => ({ key, value, effect: 'NO_SCHEDULE' })),
          },
          // The cluster's autoscaler decides on the number.
          {
            ...parent,
            dependsOn: [...role.grants, ...network.waysOut],
            ignoreChanges: ['scalingConfig.desiredSize'],
          },
        ),
    );
    this.registerOutputs();
  }
}

/** Encrypted disks, and a metadata server that answers the node itself and no pod. */
function machine(tags: Readonly<Record<string, string>>) {
  return {
    updateDefaultVersion: true,
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { volumeSize: 80, volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' },
      },
    ],
    // Default tags of the provider do not reach what a group starts.
    tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
      resourceType,
      tags: { ...tags },
    })),
  };
}
