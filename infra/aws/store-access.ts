import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import type * as pulumi from '@pulumi/pulumi';

export interface StoreAccessProps {
  readonly vpcId: pulumi.Input<string>;
  /** Whose members may connect. */
  readonly from: pulumi.Input<string>;
  readonly port: number;
}

/** The security group of a store: the cluster's pods reach its one port, and nobody anything else. */
export function storeAccess(
  name: string,
  { vpcId, from, port }: StoreAccessProps,
  options: pulumi.CustomResourceOptions,
): SecurityGroup {
  const group = new SecurityGroup(name, { vpcId, description: `${name}, for the pods of the cluster` }, options);
  new SecurityGroupIngressRule(
    name,
    { securityGroupId: group.id, referencedSecurityGroupId: from, ipProtocol: 'tcp', fromPort: port, toPort: port },
    options,
  );
  return group;
}
