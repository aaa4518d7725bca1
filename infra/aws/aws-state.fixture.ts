import { AMQPS_PORT } from './broker.js';

type Inputs = Readonly<Record<string, unknown>>;

/** What AWS says of a resource that it has made, beside what was asked. */
const SAYS: Readonly<Record<string, (name: string, inputs: Inputs) => object>> = {
  'aws:eks/cluster:Cluster': (name, { vpcConfig }) => ({
    endpoint: `https://${name}.eks.test`,
    certificateAuthority: { data: 'Q0E=' },
    vpcConfig: { ...(vpcConfig as object), clusterSecurityGroupId: 'sg-of-the-cluster' },
  }),
  'aws:eks/nodeGroup:NodeGroup': (name) => ({ resources: [{ autoscalingGroups: [{ name: `asg-of-${name}` }] }] }),
  'aws:ec2/launchTemplate:LaunchTemplate': () => ({ latestVersion: 3 }),
  'aws:ec2/eip:Eip': (name) => ({ allocationId: `eipalloc-${name}` }),
  'aws:rds/instance:Instance': (name) => ({ address: `${name}.rds.test` }),
  'aws:elasticache/replicationGroup:ReplicationGroup': (name) => ({ primaryEndpointAddress: `${name}.cache.test` }),
  'aws:mq/broker:Broker': (name) => ({ instances: [{ endpoints: [`amqps://${name}.mq.test:${AMQPS_PORT}`] }] }),
  'aws:ecr/repository:Repository': (name) => ({ repositoryUrl: `ecr.test/${name}-1a2b3c`, name }),
  'aws:s3/bucket:Bucket': (name) => ({ bucket: `${name}-1a2b3c` }),
  'aws:acm/certificate:Certificate': () => ({
    domainValidationOptions: [
      { resourceRecordName: '_proof', resourceRecordType: 'CNAME', resourceRecordValue: 'acm' },
    ],
  }),
  'aws:route53/record:Record': (_, { name }) => ({ fqdn: `${name}.` }),
  'aws:lb/loadBalancer:LoadBalancer': (name) => ({ dnsName: `${name}.elb.test`, zoneId: 'Z-OF-ELB' }),
  'random:index/randomPassword:RandomPassword': (name) => ({ result: `random value of ${name}` }),
};

/** The state of a resource of AWS, as far as anything here reads it. Names that AWS would make are the resource's own. */
export function awsState(type: string, name: string, inputs: Inputs): object {
  if (!/^(aws|random):/.test(type)) return inputs;
  return {
    name,
    keyId: name,
    ...inputs,
    arn: `arn:aws:test:::${type.split(':')[2]}/${name}`,
    ...SAYS[type]?.(name, inputs),
  };
}
