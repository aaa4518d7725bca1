import { DefaultSecurityGroup } from '@pulumi/aws/ec2/defaultSecurityGroup.js';
import { Eip } from '@pulumi/aws/ec2/eip.js';
import { InternetGateway } from '@pulumi/aws/ec2/internetGateway.js';
import { NatGateway } from '@pulumi/aws/ec2/natGateway.js';
import { Route } from '@pulumi/aws/ec2/route.js';
import { RouteTable } from '@pulumi/aws/ec2/routeTable.js';
import { RouteTableAssociation } from '@pulumi/aws/ec2/routeTableAssociation.js';
import { Subnet } from '@pulumi/aws/ec2/subnet.js';
import { Vpc } from '@pulumi/aws/ec2/vpc.js';
import * as pulumi from '@pulumi/pulumi';
import type { AwsConfig } from './aws-config.js';
import { flowLogs } from './flow-logs.js';
import { subnetPlan, type ZoneSubnets } from './subnet-plan.js';
import { vpcEndpoints } from './vpc-endpoints.js';

const ANYWHERE = '0.0.0.0/0';

/** A VPC over the zones: nodes and stores have private addresses, only load balancers and NAT gateways public ones. */
export class Network extends pulumi.ComponentResource {
  readonly vpc: Vpc;
  readonly publicSubnets: readonly Subnet[];
  readonly nodeSubnets: readonly Subnet[];
  readonly dataSubnets: readonly Subnet[];
  /** What must stand before a node can reach anything. */
  readonly waysOut: readonly pulumi.Resource[];

  constructor(name: string, config: AwsConfig, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:Network', name, {}, options);
    const parent = { parent: this };
    this.vpc = new Vpc(
      name,
      { cidrBlock: config.vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
      parent,
    );
    const vpcId = this.vpc.id;
    // Whatever forgets to name its security group gets this one, which lets nothing in or out.
    new DefaultSecurityGroup(`${name}-default`, { vpcId }, parent);
    const plan = subnetPlan(config.vpcCidr, config.zones);
    const subnets = (kind: 'public' | 'nodes' | 'data', tags: Readonly<Record<string, string>>) =>
      plan.map((zone) => this.#subnet(kind, zone, tags));
    this.publicSubnets = subnets('public', { 'kubernetes.io/role/elb': '1' });
    this.nodeSubnets = subnets('nodes', { 'kubernetes.io/role/internal-elb': '1' });
    this.dataSubnets = subnets('data', {});

    const gateway = new InternetGateway(name, { vpcId }, parent);
    const outside = this.#table('public', this.publicSubnets);
    const out = new Route(
      `${name}-public`,
      { routeTableId: outside.id, destinationCidrBlock: ANYWHERE, gatewayId: gateway.id },
      parent,
    );
    const gateways = this.publicSubnets
      .slice(0, { none: 0, one: 1, 'per-zone': plan.length }[config.size.nat])
      .map((subnet, i) => this.#nat(plan[i] as ZoneSubnets, subnet, gateway));
    const tables = plan.map(({ zone }, i) => this.#table(zone, [this.nodeSubnets[i] as Subnet]));
    tables.forEach((table, i) => {
      const nat = gateways[i] ?? gateways[0];
      if (nat === undefined) return;
      const route = { routeTableId: table.id, destinationCidrBlock: ANYWHERE, natGatewayId: nat.id };
      new Route(`${name}-${plan[i]?.zone}`, route, parent);
    });
    // Stores call nobody: their subnets have no way out.
    this.#table('data', this.dataSubnets);
    const endpoints = vpcEndpoints(name, { config, vpcId, subnets: this.nodeSubnets, tables }, parent);
    // Each zone's route follows its gateway at once; to wait for it too would only make the chain longer.
    this.waysOut = [out, ...gateways, ...endpoints];
    flowLogs(name, vpcId, config.size.logDays, parent);
    this.registerOutputs();
  }

  #subnet(kind: 'public' | 'nodes' | 'data', subnets: ZoneSubnets, tags: Readonly<Record<string, string>>): Subnet {
    return new Subnet(
      `${kind}-${subnets.zone}`,
      {
        vpcId: this.vpc.id,
        availabilityZone: subnets.zone,
        cidrBlock: subnets[kind],
        mapPublicIpOnLaunch: false,
        tags: { Name: `${kind}-${subnets.zone}`, ...tags },
      },
      { parent: this },
    );
  }

  #table(name: string, subnets: readonly Subnet[]): RouteTable {
    const table = new RouteTable(name, { vpcId: this.vpc.id, tags: { Name: name } }, { parent: this });
    subnets.forEach((subnet, i) => {
      const place = subnets.length === 1 ? name : `${name}-${i}`;
      new RouteTableAssociation(place, { routeTableId: table.id, subnetId: subnet.id }, { parent: this });
    });
    return table;
  }

  #nat({ zone }: ZoneSubnets, subnet: Subnet, gateway: InternetGateway): NatGateway {
    const address = new Eip(zone, { domain: 'vpc' }, { parent: this });
    const args = { subnetId: subnet.id, allocationId: address.allocationId, tags: { Name: zone } };
    return new NatGateway(zone, args, { parent: this, dependsOn: [gateway] });
  }
}
