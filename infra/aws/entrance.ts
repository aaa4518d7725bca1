import { Certificate } from '@pulumi/aws/acm/certificate.js';
import { CertificateValidation } from '@pulumi/aws/acm/certificateValidation.js';
import { Attachment } from '@pulumi/aws/autoscaling/attachment.js';
import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import { Listener } from '@pulumi/aws/lb/listener.js';
import { LoadBalancer } from '@pulumi/aws/lb/loadBalancer.js';
import { TargetGroup } from '@pulumi/aws/lb/targetGroup.js';
import { Record as DnsRecord } from '@pulumi/aws/route53/record.js';
import type { RecordType } from '@pulumi/aws/types/enums/route53/index.js';
import type * as outputs from '@pulumi/aws/types/output.js';
import { SecurityGroupEgressRule } from '@pulumi/aws/vpc/securityGroupEgressRule.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import * as pulumi from '@pulumi/pulumi';
import { wellKnownPorts } from '../../contract/index.js';
import type { Cluster } from './cluster.js';
import type { Network } from './network.js';

const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

export interface EntranceProps {
  readonly host: string;
  readonly hostedZoneId: string;
  readonly network: Network;
  readonly cluster: Cluster;
  /** Port of every node at which the gateway's pods answer. */
  readonly nodePort: number;
}

/** What stands in the zone to show that the name is ours. */
function proofOf(option: outputs.acm.CertificateDomainValidationOption | undefined) {
  const {
    resourceRecordName: name = '',
    resourceRecordType: type = '',
    resourceRecordValue: value = '',
  } = option ?? {};
  return { name, type: type as RecordType, value };
}

/** The way in from the internet: a name, its certificate, and a load balancer in every zone that goes on to the gateway by TLS. */
export class Entrance extends pulumi.ComponentResource {
  constructor(name: string, props: EntranceProps, options: pulumi.ComponentResourceOptions) {
    super('armature:aws:Entrance', name, {}, options);
    const { host, hostedZoneId, network, cluster, nodePort } = props;
    const parent = { parent: this };
    const group = this.#wayToNodes(name, props);
    const balancer = new LoadBalancer(
      name,
      {
        loadBalancerType: 'network',
        internal: false,
        subnets: network.publicSubnets.map(({ id }) => id),
        securityGroups: [group.id],
        enableDeletionProtection: true,
      },
      parent,
    );
    const targets = new TargetGroup(
      name,
      {
        port: nodePort,
        protocol: 'TLS',
        vpcId: network.vpc.id,
        targetType: 'instance',
        preserveClientIp: 'true',
        healthCheck: { protocol: 'TCP', port: 'traffic-port', interval: 10 },
      },
      parent,
    );
    cluster.nodes.groups.forEach((nodes, i) => {
      const autoscalingGroupName = nodes.resources.apply(([first]) => first?.autoscalingGroups[0]?.name ?? '');
      new Attachment(`${name}-${i}`, { autoscalingGroupName, lbTargetGroupArn: targets.arn }, parent);
    });
    new Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        port: wellKnownPorts.https,
        protocol: 'TLS',
        alpnPolicy: 'HTTP2Preferred',
        sslPolicy: TLS_POLICY,
        certificateArn: this.#certificate(name, host, hostedZoneId),
        defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
      },
      parent,
    );
    const target = { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true };
    new DnsRecord(name, { zoneId: hostedZoneId, name: host, type: 'A', aliases: [target] }, parent);
    this.registerOutputs();
  }

  /** From anywhere to the balancer, from it to the nodes' one port. */
  #wayToNodes(name: string, { network, cluster, nodePort }: EntranceProps): SecurityGroup {
    const parent = { parent: this };
    const group = new SecurityGroup(
      name,
      { vpcId: network.vpc.id, description: 'The load balancer, open to everybody' },
      parent,
    );
    const tcp = (port: number) => ({ ipProtocol: 'tcp', fromPort: port, toPort: port });
    const anybody = { securityGroupId: group.id, cidrIpv4: '0.0.0.0/0', ...tcp(wellKnownPorts.https) };
    new SecurityGroupIngressRule(name, anybody, parent);
    const out = { securityGroupId: group.id, referencedSecurityGroupId: cluster.securityGroupId, ...tcp(nodePort) };
    new SecurityGroupEgressRule(name, out, parent);
    const nodes = { securityGroupId: cluster.securityGroupId, referencedSecurityGroupId: group.id, ...tcp(nodePort) };
    new SecurityGroupIngressRule(`${name}-nodes`, nodes, parent);
    return group;
  }

  /** AWS renews it for as long as the record stands. */
  #certificate(name: string, host: string, zoneId: string): pulumi.Output<string> {
    const parent = { parent: this };
    const certificate = new Certificate(name, { domainName: host, validationMethod: 'DNS' }, parent);
    const option = certificate.domainValidationOptions.apply(([only]) => proofOf(only));
    const proof = new DnsRecord(
      `${name}-proof`,
      {
        zoneId,
        name: option.name,
        type: option.type,
        records: [option.value],
        ttl: 300,
      },
      parent,
    );
    const validation = { certificateArn: certificate.arn, validationRecordFqdns: [proof.fqdn] };
    return new CertificateValidation(name, validation, parent).certificateArn;
  }
}
