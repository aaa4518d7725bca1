import { Addon } from '@pulumi/aws/eks/addon.js';
import type * as pulumi from '@pulumi/pulumi';
import { POD_IDENTITY, ServiceRole } from './service-role.js';

/** What EKS installs, and keeps up to date, in a cluster. */
export interface ClusterAddons {
  /** Of every node: network, volumes, identity. */
  readonly onNodes: readonly pulumi.Resource[];
  /** DNS, and who makes certificates. */
  readonly servers: readonly pulumi.Resource[];
}

interface AddonPlan {
  readonly name: string;
  /** What it is configured with. */
  readonly values?: object;
  /** The role that pods of an account of it take, by the name of AWS's policy. */
  readonly identity?: { readonly serviceAccount: string; readonly policy: string };
}

/** DaemonSets: they can be installed before there is a node, and a node is of no use before they are. */
const ON_NODES: readonly AddonPlan[] = [
  { name: 'eks-pod-identity-agent' },
  { name: 'kube-proxy' },
  {
    name: 'vpc-cni',
    // NetworkPolicies are enforced by it.
    values: { enableNetworkPolicy: 'true' },
    identity: { serviceAccount: 'aws-node', policy: 'AmazonEKS_CNI_Policy' },
  },
];

const SERVERS: readonly AddonPlan[] = [
  { name: 'coredns' },
  {
    name: 'aws-ebs-csi-driver',
    identity: { serviceAccount: 'ebs-csi-controller-sa', policy: 'service-role/AmazonEBSCSIDriverPolicy' },
  },
  { name: 'metrics-server' },
  { name: 'cert-manager' },
];

/** @param nodes that the servers run on */
export function clusterAddons(
  name: string,
  clusterName: pulumi.Input<string>,
  nodes: readonly pulumi.Resource[],
  options: pulumi.CustomResourceOptions,
): ClusterAddons {
  const install = ({ name: addonName, values, identity }: AddonPlan, dependsOn: readonly pulumi.Resource[]) => {
    const role =
      identity &&
      new ServiceRole(`${name}-${addonName}`, { service: POD_IDENTITY, managedPolicies: [identity.policy] }, options);
    return new Addon(
      addonName,
      {
        clusterName,
        addonName,
        resolveConflictsOnCreate: 'OVERWRITE',
        resolveConflictsOnUpdate: 'PRESERVE',
        ...(values && { configurationValues: JSON.stringify(values) }),
        ...(identity &&
          role && { podIdentityAssociations: [{ serviceAccount: identity.serviceAccount, roleArn: role.arn }] }),
      },
      { ...options, dependsOn: [...dependsOn, ...(role?.grants ?? [])] },
    );
  };
  return {
    onNodes: ON_NODES.map((addon) => install(addon, [])),
    servers: SERVERS.map((addon) => install(addon, nodes)),
  };
}
