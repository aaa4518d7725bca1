import { beforeAll, describe, expect, test } from '@jest/globals';
import { program } from '../../program.js';
import { type Registration, recordedRun } from '../../recorded-run.fixture.js';
import { awsStackRun } from '../../stack-files.fixture.js';
import { protectedData } from '../protected-data.js';
import { stackVerdict } from '../stack-verdict.fixture.js';
import { awsPolicies } from './index.js';

const policies = [...awsPolicies, protectedData];

let production: readonly Registration[];
beforeAll(async () => {
  production = (await recordedRun(() => program(), awsStackRun('production'))).registrations;
});

/** What the policies say of production with one resource changed; which one is part of what they say. */
async function verdictWith(
  type: string,
  name: string,
  change: (one: Registration) => Registration | undefined,
): Promise<readonly string[]> {
  const found = production.filter(
    (one) => one.type.endsWith(type.includes(':') ? type : `:${type}`) && one.name === name,
  );
  expect([type, name, found.length]).toEqual([type, name, 1]);
  const changed = production.flatMap((one) => (one === found[0] ? (change(one) ?? []) : one));
  return (await stackVerdict(policies, changed)).map(({ policy, message }) => `${policy}: ${message}`);
}

const inputs = (own: object) => (one: Registration) => ({ ...one, inputs: { ...one.inputs, ...own } });
const allow = (Action: string | string[], Resource: string | string[]) =>
  inputs({ policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action, Resource }] }) });

test('production as it is breaks none of them', async () => {
  expect(await stackVerdict(policies, production)).toEqual([]);
});

describe('a fault in production is found, with the resource that has it:', () => {
  test.each<[string, string, string, (one: Registration) => Registration | undefined, string]>([
    [
      'a public database',
      'Instance',
      'postgres',
      inputs({ publiclyAccessible: true }),
      'no-public-store: postgres can be reached from the internet.',
    ],
    [
      'a bucket without its block',
      'BucketPublicAccessBlock',
      'documents',
      () => undefined,
      'no-public-store: documents may be made public.',
    ],
    [
      'a block with a hole',
      'BucketPublicAccessBlock',
      'backups',
      inputs({ blockPublicPolicy: false }),
      'no-public-store: backups may be made public.',
    ],
    [
      'an API for everybody',
      'eks/cluster:Cluster',
      'armature',
      inputs({ vpcConfig: { endpointPublicAccess: true } }),
      'no-public-store: armature lets everybody reach its API.',
    ],
    [
      'a database in clear',
      'Instance',
      'postgres',
      inputs({ storageEncrypted: false }),
      'no-unencrypted-storage: postgres is not encrypted.',
    ],
    [
      'a cache without TLS',
      'ReplicationGroup',
      'redis',
      inputs({ transitEncryptionEnabled: false }),
      'no-unencrypted-storage: redis is not encrypted.',
    ],
    [
      'a bucket without a key',
      'BucketServerSideEncryptionConfiguration',
      'documents',
      () => undefined,
      'no-unencrypted-storage: documents is not encrypted.',
    ],
    [
      'nodes with open disks',
      'LaunchTemplate',
      'armature',
      inputs({ blockDeviceMappings: [{ ebs: { encrypted: 'false' } }] }),
      'no-unencrypted-storage: armature is not encrypted.',
    ],
    [
      'Secrets in clear',
      'eks/cluster:Cluster',
      'armature',
      inputs({ encryptionConfig: undefined }),
      'no-unencrypted-storage: armature is not encrypted.',
    ],
    [
      'volumes in clear',
      'StorageClass',
      'gp3',
      inputs({ parameters: { type: 'gp3' } }),
      'no-unencrypted-storage: gp3 is not encrypted.',
    ],
    ['a role for everything', 'RolePolicy', 'rag', allow('*', '*'), 'no-wildcard-iam: rag allows "*".'],
    [
      'a role for all of a service',
      'RolePolicy',
      'rag',
      allow(['s3:*'], ['arn:aws:s3:::one']),
      'no-wildcard-iam: rag allows "s3:*".',
    ],
    [
      'a change of any resource',
      'RolePolicy',
      'rag',
      allow('s3:PutObject', '*'),
      'no-wildcard-iam: rag allows "s3:PutObject" on every resource.',
    ],
    [
      'an administrator',
      'RolePolicyAttachment',
      'armature-node-AmazonEKSWorkerNodePolicy',
      inputs({ policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
      'no-wildcard-iam: armature-node-AmazonEKSWorkerNodePolicy grants AdministratorAccess.',
    ],
    [
      'a role for all but what one action names',
      'RolePolicy',
      'rag',
      inputs({ policy: JSON.stringify({ Statement: { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' } }) }),
      'no-wildcard-iam: rag allows whatever it does not name (NotAction).',
    ],
    [
      'a role for every resource but one',
      'RolePolicy',
      'rag',
      inputs({
        policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:PutObject', NotResource: 'x' }] }),
      }),
      'no-wildcard-iam: rag allows whatever it does not name (NotResource).',
    ],
    [
      'a role that reads every secret',
      'RolePolicy',
      'rag',
      allow('secretsmanager:GetSecretValue', '*'),
      'no-wildcard-iam: rag allows "secretsmanager:GetSecretValue" on every resource.',
    ],
    [
      'an administrator by a role of its own',
      'Role',
      'rag',
      inputs({ managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      'no-wildcard-iam: rag grants AdministratorAccess.',
    ],
    [
      'everything by an inline policy',
      'Role',
      'rag',
      inputs({
        inlinePolicies: [
          { name: 'all', policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }) },
        ],
      }),
      'no-wildcard-iam: rag allows "*".',
    ],
    [
      'a role for anybody',
      'Role',
      'rag',
      inputs({
        assumeRolePolicy: JSON.stringify({
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        }),
      }),
      'no-wildcard-iam: rag can be taken by anybody.',
    ],
    [
      'all ports between those of the web',
      'SecurityGroupIngressRule',
      'armature',
      inputs({ fromPort: 80, toPort: 443 }),
      'no-open-ingress: armature lets everybody in at port 80 to 443.',
    ],
    [
      'machines without tags',
      'LaunchTemplate',
      'armature',
      inputs({ tagSpecifications: [] }),
      'no-untagged-resource: armature starts what has no tag armature:stack: instance.',
    ],
    [
      'a resource of another provider',
      'Vpc',
      'armature',
      (one) => ({ ...one, provider: '' }),
      'no-untagged-resource: armature has no tag armature:stack.',
    ],
    [
      'a database for everybody',
      'SecurityGroupIngressRule',
      'postgres',
      inputs({ cidrIpv4: '0.0.0.0/0', referencedSecurityGroupId: undefined }),
      'no-open-ingress: postgres lets everybody in at port 5432.',
    ],
    [
      'a database for one half of everybody',
      'SecurityGroupIngressRule',
      'postgres',
      inputs({ cidrIpv4: '128.0.0.0/1', referencedSecurityGroupId: undefined }),
      'no-open-ingress: postgres lets everybody in at port 5432.',
    ],
    [
      'another port of the load balancer',
      'SecurityGroupIngressRule',
      'armature',
      inputs({ fromPort: 22, toPort: 22 }),
      'no-open-ingress: armature lets everybody in at port 22.',
    ],
    [
      'the web at something else',
      'SecurityGroupIngressRule',
      'redis',
      inputs({ cidrIpv6: '::/0', fromPort: 443, toPort: 443 }),
      'no-open-ingress: redis lets everybody in at port 443.',
    ],
    [
      'a group with an open rule',
      'SecurityGroup',
      'postgres',
      inputs({ ingress: [{ cidrBlocks: ['0.0.0.0/0'], fromPort: 0, toPort: 65_535 }] }),
      'no-open-ingress: postgres lets everybody in at port 0 to 65535.',
    ],
    [
      'data that is not protected',
      'ReplicationGroup',
      'redis',
      (one) => ({ ...one, protect: false }),
      'protected-data: redis holds data and is not protected.',
    ],
  ])('%s', async (_, type, name, change, message) => {
    expect(await verdictWith(type, name, change)).toContain(message);
  });
});
