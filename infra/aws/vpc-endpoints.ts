import type { RouteTable } from '@pulumi/aws/ec2/routeTable.js';
import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import type { Subnet } from '@pulumi/aws/ec2/subnet.js';
import { VpcEndpoint } from '@pulumi/aws/ec2/vpcEndpoint.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import type * as pulumi from '@pulumi/pulumi';
import { wellKnownPorts } from '../../contract/index.js';
import type { AwsConfig } from './aws-config.js';

/** APIs that nodes, and pods with an identity of AWS, call. */
const INTERFACES = [
  ...['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts', 'logs'],
  ...['elasticloadbalancing', 'autoscaling'],
] as const;

export interface VpcEndpointsProps {
  readonly config: AwsConfig;
  readonly vpcId: pulumi.Input<string>;
  readonly subnets: readonly Subnet[];
  readonly tables: readonly RouteTable[];
}

/** Ways to AWS's own APIs that do not lead over the internet. */
export function vpcEndpoints(
  name: string,
  { config, vpcId, subnets, tables }: VpcEndpointsProps,
  options: pulumi.CustomResourceOptions,
): readonly VpcEndpoint[] {
  const serviceName = (service: string) => `com.amazonaws.${config.region}.${service}`;
  const objects = new VpcEndpoint(
    `${name}-s3`,
    {
      vpcId,
      serviceName: serviceName('s3'),
      vpcEndpointType: 'Gateway',
      routeTableIds: tables.map(({ id }) => id),
    },
    options,
  );
  if (!config.size.interfaceEndpoints) return [objects];
  const group = new SecurityGroup(
    `${name}-endpoints`,
    { vpcId, description: 'AWS APIs, for what is inside the VPC' },
    options,
  );
  new SecurityGroupIngressRule(
    `${name}-endpoints`,
    {
      securityGroupId: group.id,
      cidrIpv4: config.vpcCidr,
      ipProtocol: 'tcp',
      fromPort: wellKnownPorts.https,
      toPort: wellKnownPorts.https,
    },
    options,
  );
  const interfaces = INTERFACES.map(
    (service) =>
      new VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId,
          serviceName: serviceName(service),
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          subnetIds: subnets.map(({ id }) => id),
          securityGroupIds: [group.id],
        },
        options,
      ),
  );
  return [objects, ...interfaces];
}
