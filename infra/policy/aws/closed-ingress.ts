import { isMapping, listAt, numberAt, textAt, textsAt } from '../../../constructs/check/field.js';
import { wellKnownPorts } from '../../../contract/index.js';
import { isOpenRange } from '../../aws/is-open-range.js';
import { type AwsResource, resourcePolicy } from './resource-policy.js';

const PUBLIC_PORTS: readonly unknown[] = [wellKnownPorts.http, wellKnownPorts.https];
const LOAD_BALANCER = 'aws:lb/loadBalancer:LoadBalancer';

/** Only load balancers take what comes from anywhere, and only at the ports of the web. */
export const closedIngress = resourcePolicy({
  name: 'no-open-ingress',
  description: 'A port that is open to everybody is found within minutes.',
  remediationSteps: 'let in a security group or a range of addresses; what is public goes through the load balancer.',
  faults: (resource, all) => {
    const entrances = new Set(
      all.filter(({ type }) => type === LOAD_BALANCER).flatMap(({ props }) => textsAt(props, 'securityGroups')),
    );
    return rulesOf(resource)
      .filter(({ group, ports: [from, to] }) => !(entrances.has(group) && from === to && PUBLIC_PORTS.includes(from)))
      .map(({ ports: [from, to] }) => `lets everybody in at port ${from === to ? from : `${from} to ${to}`}`);
  },
});

interface OpenRule {
  readonly group: string;
  /** First and last. */
  readonly ports: readonly [unknown, unknown];
}

/** The rules of a resource that let in everybody. */
function rulesOf({ type, name, props }: AwsResource): readonly OpenRule[] {
  const ports = (rule: unknown) => [numberAt(rule, 'fromPort') ?? 'any', numberAt(rule, 'toPort') ?? 'any'] as const;
  if (type === 'aws:ec2/securityGroup:SecurityGroup' || type === 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup') {
    const group = textAt(props, 'id') ?? name;
    return listAt(props, 'ingress')
      .filter((rule) => [...textsAt(rule, 'cidrBlocks'), ...textsAt(rule, 'ipv6CidrBlocks')].some(isOpenRange))
      .map((rule) => ({ group, ports: ports(rule) }));
  }
  const isRule = type === 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
  const isOldRule = type === 'aws:ec2/securityGroupRule:SecurityGroupRule' && props.type === 'ingress';
  const from = [props.cidrIpv4, props.cidrIpv6, ...textsAt(props, 'cidrBlocks'), ...textsAt(props, 'ipv6CidrBlocks')];
  if (!(isRule || isOldRule) || !from.filter((one) => typeof one === 'string').some(isOpenRange) || !isMapping(props))
    return [];
  return [{ group: textAt(props, 'securityGroupId') ?? '', ports: ports(props) }];
}
