import { beforeAll, describe, expect, test } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { manifestsOf, production } from '../../stacks/index.js';
import { awsPolicies } from '../policy/aws/index.js';
import { stackVerdict } from '../policy/stack-verdict.fixture.js';
import { program } from '../program.js';
import { mockedEngine, type Registration, recordedRun } from '../recorded-run.fixture.js';
import { awsStackRun, STACKS } from '../stack-files.fixture.js';
import { describeAccount } from './aws-account.conformance.js';
import { describeEnvironment } from './aws-environment.conformance.js';
import { kindOf, type RecordedStack, recordStack } from './recorded-stack.fixture.js';

describe.each(STACKS)('stack aws-%s', (stack) => {
  let recorded: RecordedStack;
  beforeAll(async () => {
    recorded = await recordStack(stack);
  });
  describeAccount(() => recorded);
  describeEnvironment(() => recorded);
});

describe('by choice', () => {
  let registrations: readonly Registration[];
  beforeAll(async () => {
    const own = { broker: 'amazon-mq', nat: 'none', apiCidrs: [], imageFrom: 'registry' };
    registrations = (await recordedRun(() => program(), awsStackRun('dev', own))).registrations;
  });

  test('the queues are with Amazon MQ, and the pods connect to it', () => {
    const [broker] = registrations.filter(({ type }) => type === 'aws:mq/broker:Broker');
    expect(broker).toMatchObject({
      protect: true,
      inputs: {
        publiclyAccessible: false,
        deploymentMode: 'SINGLE_INSTANCE',
        encryptionOptions: { useAwsOwnedKey: false },
      },
    });
    const settings = registrations.find(({ name }) => name === 'armature/worker-settings');
    expect(settings?.inputs.data).toMatchObject({ RABBITMQ_URL: 'amqps://armature@rabbitmq.mq.test:5671' });
    const left = registrations.filter(({ name }) => name === 'armature/rabbitmq');
    expect(left.map(({ type }) => kindOf(type))).toEqual(['Secret']);
  });

  test('nothing has a way out, and the APIs of AWS are reached inside', () => {
    const count = (kind: string) => registrations.filter(({ type }) => kindOf(type) === kind).length;
    expect([count('NatGateway'), count('Eip'), count('VpcEndpoint'), count('Route')]).toEqual([0, 0, 10, 1]);
  });

  test('the API is reached inside the VPC alone', () => {
    const cluster = registrations.find(({ type }) => type === 'aws:eks/cluster:Cluster');
    expect(cluster?.inputs.vpcConfig).toMatchObject({ endpointPublicAccess: false, endpointPrivateAccess: true });
  });

  test("the application's image comes from the stack's own registry, and others' from where they are", () => {
    const images = JSON.stringify(registrations).match(/"image":"[^"]+"/g) ?? [];
    const own = images.filter((image) => image.includes('ecr.test/armature-1a2b3c:'));
    expect(own.length).toBeGreaterThan(7);
    expect(images.filter((image) => image.includes(production.image.repository))).toEqual([]);
    expect(images.length).toBeGreaterThan(own.length);
  });

  test('has nothing that a policy is against', async () => {
    expect(await stackVerdict(awsPolicies, registrations)).toEqual([]);
  });
});

test('the environment of another class than the shipped ones is brought up as well', async () => {
  const { Production } = await import('../../stacks/index.js');
  class Frankfurt extends Production {
    constructor(scope: ConstructorParameters<typeof Production>[0]) {
      super(scope, { ...production, name: 'frankfurt' });
    }
  }
  const { config, ...rest } = awsStackRun('production');
  const run = await recordedRun(() => program({ frankfurt: Frankfurt }), {
    ...rest,
    config: { ...config, 'armature:environment': 'frankfurt' },
  });
  const settings = run.registrations.find(({ name }) => name === 'armature/rag-settings');
  expect(settings?.inputs.data).toMatchObject({ S3_BUCKET: 'documents-1a2b3c' });
  expect(JSON.stringify(manifestsOf(Frankfurt).objects)).toContain('redis.example.com');
});

test('a bad configuration is one RunError with every bad key, and nothing is registered', async () => {
  const { config } = awsStackRun('production', {
    region: 'Frankfurt',
    nat: 'two',
    colour: 'blue',
    apiCidrs: ['0.0.0.0/0'],
  });
  const registrations = await mockedEngine({
    stack: 'aws-production',
    config: { ...config, 'armature:context': 'kind' },
    secretKeys: ['armature:secrets'],
  });
  let error: unknown;
  try {
    program();
  } catch (thrown) {
    error = thrown;
  }
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(
    String((error as Error).message)
      .split('\n')
      .slice(1),
  ).toMatchInlineSnapshot(`
[
  "  armature:aws.region: "Frankfurt" must be a region, such as eu-central-1",
  "  armature:aws.nat: "two" invalid option: expected one of "none"|"one"|"per-zone"",
  "  armature:aws.apiCidrs: ["0.0.0.0/0"] must not be open to everybody",
  "  armature:aws.colour: "blue" is no known key",
  "  armature:context: (set) is of the target "kubernetes" alone: on aws the program makes the cluster, and the passwords of its stores",
]
`);
  expect(registrations).toEqual([]);
});
