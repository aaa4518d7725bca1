import { beforeAll, describe, expect, test } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { manifestsOf, production } from '../../stacks/index.js';
import type { KubeManifest } from '../kube-manifest.js';
import { awsPolicies } from '../policy/aws/index.js';
import { policies } from '../policy/policies.js';
import { stackVerdict } from '../policy/stack-verdict.fixture.js';
import { program } from '../program.js';
import { mockedEngine, type RecordedRun, type Registration, recordedRun } from '../recorded-run.fixture.js';
import { longestChain, reach } from '../registration-order.fixture.js';
import { resourceIdentity } from '../resource-identity.js';
import { isMarked, unmarked } from '../secret-mark.fixture.js';
import { awsStackRun, outsideSecrets, STACKS, secretValue, stackManifests } from '../stack-files.fixture.js';
import type { StackOutputs } from '../stack-outputs.js';

const short = (type: string) => type.slice(type.lastIndexOf(':') + 1);

describe.each(STACKS)('stack aws-%s', (stack) => {
  const isSmall = stack === 'dev';
  let run: RecordedRun<StackOutputs>;
  let resources: readonly Registration[];
  beforeAll(async () => {
    run = await recordedRun(() => program(), awsStackRun(stack));
    resources = run.registrations;
  });

  const ofType = (type: string) => resources.filter((one) => one.type === type);
  const only = (type: string): Registration => {
    const found = ofType(type);
    expect([type, found.length]).toEqual([type, 1]);
    return found[0] as Registration;
  };
  const kube = (kind: string, name: string): Registration => {
    const found = resources.filter(
      (one) => one.type.startsWith('kubernetes:') && short(one.type) === kind && one.name === name,
    );
    expect([kind, name, found.length]).toEqual([kind, name, 1]);
    return found[0] as Registration;
  };

  test('has of AWS what its size says', () => {
    const counts: Record<string, number> = {};
    for (const { type } of resources.filter((one) => /^(aws|random):/.test(one.type))) {
      counts[short(type)] = (counts[short(type)] ?? 0) + 1;
    }
    expect(counts).toMatchSnapshot();
  });

  test('has a private network over three zones, whose only public addresses are for load balancers and NAT', () => {
    const subnets = ofType('aws:ec2/subnet:Subnet');
    expect(new Set(subnets.map(({ inputs }) => inputs.availabilityZone)).size).toBe(3);
    expect(subnets.map(({ inputs }) => inputs.mapPublicIpOnLaunch)).toEqual(Array(9).fill(false));
    expect(ofType('aws:ec2/natGateway:NatGateway')).toHaveLength(isSmall ? 1 : 3);
    expect(ofType('aws:ec2/vpcEndpoint:VpcEndpoint').map(({ inputs }) => inputs.vpcEndpointType)).toEqual(
      isSmall ? ['Gateway'] : ['Gateway', ...Array(9).fill('Interface')],
    );
    const outside = ofType('aws:ec2/route:Route').filter(({ inputs }) => inputs.gatewayId !== undefined);
    expect(outside.map(({ inputs }) => inputs.routeTableId)).toEqual(['public']);
    const cluster = only('aws:eks/cluster:Cluster').inputs.vpcConfig as { subnetIds: string[] };
    expect(cluster.subnetIds.every((id) => id.startsWith('nodes-'))).toBe(true);
    const stores = [only('aws:rds/subnetGroup:SubnetGroup'), only('aws:elasticache/subnetGroup:SubnetGroup')];
    expect(stores.flatMap(({ inputs }) => inputs.subnetIds as string[]).every((id) => id.startsWith('data-'))).toBe(
      true,
    );
    expect(only('aws:ec2/flowLog:FlowLog').inputs).toMatchObject({ trafficType: 'ALL', vpcId: 'armature' });
    expect(only('aws:ec2/defaultSecurityGroup:DefaultSecurityGroup').inputs).toEqual({ vpcId: 'armature' });
  });

  test('has a cluster that encrypts Secrets, logs who did what, and is open to those named', () => {
    expect(only('aws:eks/cluster:Cluster').inputs).toMatchObject({
      vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24'] },
      encryptionConfig: { provider: { keyArn: expect.stringContaining('arn:') }, resources: ['secrets'] },
      enabledClusterLogTypes: expect.arrayContaining(['audit', 'authenticator']),
      accessConfig: { authenticationMode: 'API' },
      deletionProtection: true,
    });
    expect(only('aws:eks/accessEntry:AccessEntry').inputs.principalArn).toContain('role/platform-admin');
    expect(
      ofType('aws:eks/addon:Addon')
        .map(({ inputs }) => inputs.addonName)
        .sort(),
    ).toEqual([
      ...['aws-ebs-csi-driver', 'cert-manager', 'coredns', 'eks-pod-identity-agent', 'kube-proxy'],
      ...['metrics-server', 'vpc-cni'],
    ]);
    const network = ofType('aws:eks/addon:Addon').find(({ name }) => name === 'vpc-cni');
    expect(JSON.parse(String(network?.inputs.configurationValues))).toEqual({ enableNetworkPolicy: 'true' });
  });

  test('has the nodes that its pods ask for', () => {
    const groups = ofType('aws:eks/nodeGroup:NodeGroup');
    const pods = resources.filter((one) => ['Deployment', 'StatefulSet'].includes(short(one.type)));
    const asked = new Set(
      pods.flatMap(({ inputs }) =>
        [...JSON.stringify(inputs).matchAll(/"armature.dev\/pool","operator":"In","values":\["(\w+)"\]/g)].map(
          ([, pool]) => pool,
        ),
      ),
    );
    expect(groups.map(({ name }) => name).sort()).toEqual(
      isSmall ? ['general'] : ['compute', 'general', 'isolated', 'memory', 'network'],
    );
    if (!isSmall) {
      const pools = groups.map(({ inputs }) => (inputs.labels as Record<string, string>)['armature.dev/pool']);
      expect([...asked].filter((pool) => !pools.includes(pool))).toEqual([]);
      const closed = groups.filter(({ inputs }) => (inputs.taints as unknown[]).length > 0);
      expect(closed).toHaveLength(4);
    }
    for (const { ignoreChanges } of groups) expect(ignoreChanges).toEqual(['scalingConfig.desiredSize']);
    expect(only('aws:ec2/launchTemplate:LaunchTemplate').inputs).toMatchObject({
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ ebs: { encrypted: 'true' } }],
    });
  });

  test('has stores that are encrypted, private, by TLS only, and outlive a mistake', () => {
    const kept = { protect: true };
    expect(only('aws:rds/instance:Instance')).toMatchObject({
      ...kept,
      inputs: {
        storageEncrypted: true,
        publiclyAccessible: false,
        multiAz: !isSmall,
        deletionProtection: true,
        skipFinalSnapshot: false,
        backupRetentionPeriod: isSmall ? 7 : 30,
      },
    });
    expect(only('aws:rds/parameterGroup:ParameterGroup').inputs.parameters).toContainEqual({
      name: 'rds.force_ssl',
      value: '1',
    });
    expect(only('aws:elasticache/replicationGroup:ReplicationGroup')).toMatchObject({
      ...kept,
      inputs: {
        transitEncryptionEnabled: true,
        atRestEncryptionEnabled: true,
        numCacheClusters: isSmall ? 1 : 3,
        automaticFailoverEnabled: !isSmall,
      },
    });
    expect(ofType('aws:s3/bucket:Bucket').map(({ name, protect }) => [name, protect])).toEqual([
      ['documents', true],
      ['backups', true],
    ]);
    for (const { inputs } of ofType('aws:s3/bucketVersioning:BucketVersioning')) {
      expect(inputs.versioningConfiguration).toEqual({ status: 'Enabled' });
    }
    for (const { inputs } of ofType('aws:s3/bucketPolicy:BucketPolicy')) {
      expect(JSON.parse(String(inputs.policy)).Statement).toMatchObject([
        { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ]);
    }
    expect(ofType('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration')).toHaveLength(2);
    expect(only('aws:kms/key:Key')).toMatchObject({ ...kept, inputs: { enableKeyRotation: true } });
    expect(only('aws:ecr/repository:Repository').inputs).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  test('lets into each store nobody but the pods, at its one port', () => {
    const rules = ofType('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule').map(({ inputs }) => inputs);
    const into = (group: string) => rules.filter(({ securityGroupId }) => securityGroupId === group);
    for (const [group, port] of [
      ['postgres', 5432],
      ['redis', 6379],
    ] as const) {
      expect(into(group)).toEqual([
        expect.objectContaining({ referencedSecurityGroupId: 'sg-of-the-cluster', fromPort: port, toPort: port }),
      ]);
    }
    expect(rules.filter(({ cidrIpv4 }) => cidrIpv4 === '0.0.0.0/0')).toMatchObject([{ fromPort: 443, toPort: 443 }]);
  });

  test('gives a role to those pods that call AWS, each for what is its own, and to no other', () => {
    const associations = ofType('aws:eks/podIdentityAssociation:PodIdentityAssociation');
    const jobs = resources
      .filter((one) => short(one.type) === 'CronJob')
      .map(({ name }) => name.replace('armature/', ''));
    expect(associations.map(({ inputs }) => `${inputs.namespace}/${inputs.serviceAccount}`).sort()).toEqual(
      [
        'kube-system/cluster-autoscaler',
        ...['rag', ...jobs.filter((job) => job.endsWith('-backup'))].map((name) => `armature/${name}`),
      ].sort(),
    );
    const statements = (name: string) =>
      JSON.parse(String(ofType('aws:iam/rolePolicy:RolePolicy').find((one) => one.name === name)?.inputs.policy))
        .Statement;
    const resourcesOf = (name: string) =>
      (statements(name) as { Resource: string[] }[]).flatMap(({ Resource }) => Resource);
    expect(resourcesOf('rag').filter((arn) => arn.includes('/backups'))).toEqual([]);
    expect(resourcesOf('qdrant-backup').filter((arn) => arn.includes('/documents'))).toEqual([]);
    expect(resourcesOf('rag')).toContain('arn:aws:test:::Bucket/documents/*');
    const policy = kube('NetworkPolicy', 'armature/pod-identity').inputs.spec;
    expect(JSON.stringify(policy)).toContain('169.254.170.23/32');
  });

  test('has an entrance with a certificate, under its name', () => {
    const host = { dev: 'llm.dev.example.com', staging: 'llm.staging.example.com', production: 'llm.example.com' }[
      stack
    ];
    expect(only('aws:acm/certificate:Certificate').inputs).toMatchObject({ domainName: host, validationMethod: 'DNS' });
    expect(only('aws:lb/listener:Listener').inputs).toMatchObject({
      port: 443,
      protocol: 'TLS',
      certificateArn: 'arn:aws:test:::Certificate/armature',
    });
    expect(ofType('aws:autoscaling/attachment:Attachment')).toHaveLength(isSmall ? 1 : 5);
    const alias = ofType('aws:route53/record:Record').find(({ inputs }) => inputs.name === host);
    expect(alias?.inputs.aliases).toMatchObject([{ name: 'armature.elb.test' }]);
    expect(kube('Gateway', 'armature/public').inputs.spec).toMatchObject({
      servers: [
        { hosts: ['*'], port: { number: 443 } },
        { hosts: ['*'], tls: { httpsRedirect: true } },
      ],
    });
    expect(JSON.stringify(kube('VirtualService', 'armature/public').inputs)).toContain(`"${host}"`);
    expect(run.outputs.urls).toEqual([`https://${host}`]);
  });

  test('tells somebody before the month costs too much', () => {
    expect(only('aws:budgets/budget:Budget').inputs).toMatchObject({
      costFilters: [{ name: 'TagKeyValue', values: [`user:armature:stack$aws-${stack}`] }],
      notifications: [{ threshold: 80, subscriberEmailAddresses: ['platform@example.com'] }, { threshold: 100 }],
    });
  });

  test('has the environment of every other cluster on it, object by object, at the addresses that AWS gave', () => {
    const here = stackManifests(stack).objects as readonly KubeManifest[];
    const names = (manifests: readonly KubeManifest[]) =>
      manifests.map((manifest) => resourceIdentity(manifest)).map(({ type, name }) => `${type} ${name}`);
    const registered = new Set(resources.map(({ type, name }) => `${type} ${name}`));
    // Stores that AWS runs have no pods here, and what belongs to their pods goes with them.
    const gone = names(here).filter((one) => !registered.has(one));
    expect(gone.filter((one) => !/\b(redis|postgres|object-store|public)/.test(one))).toEqual([]);
    expect(gone.length > 0).toBe(isSmall);
    const data = kube('ConfigMap', 'armature/rag-settings').inputs.data as Record<string, string>;
    expect(data).toMatchObject({
      REDIS_URL: 'rediss://redis.cache.test:6379',
      POSTGRES_URL: 'postgres://armature@postgres.rds.test:5432/armature?sslmode=verify-full',
      S3_BUCKET: 'documents-1a2b3c',
      S3_ENDPOINT: 'https://s3.eu-central-1.amazonaws.com',
    });
    expect(JSON.stringify(resources)).not.toContain('.aws.invalid');
    expect(JSON.stringify(kube('Deployment', 'armature/rag').inputs)).not.toContain('S3_ACCESS_KEY_ID');
    const readers = resources
      .filter((one) => JSON.stringify(one.inputs).includes('checksum/aws'))
      .map(({ name }) => name.replace(/^armature\/|-v2$/g, ''));
    expect([...new Set(readers)].sort()).toEqual(['chat', 'gateway', 'memory', 'orchestrator', 'rag', 'worker']);
  });

  test('marks every secret, and has none in clear anywhere', () => {
    const secrets = ofType('kubernetes:core/v1:Secret');
    const keys = secrets.flatMap(({ name, inputs }) =>
      Object.entries(inputs.data as object).map(([key, value]) => [`${name}/${key}`, isMarked(value)]),
    );
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter(([, marked]) => !marked)).toEqual([]);
    expect(isMarked(only('aws:rds/instance:Instance').inputs.password)).toBe(true);
    expect(isMarked(only('aws:elasticache/replicationGroup:ReplicationGroup').inputs.authToken)).toBe(true);
    const { 'ca-certificate': authorities } = unmarked(
      kube('Secret', 'armature/postgres').inputs.data,
      (one) => one,
    ) as Record<string, string>;
    expect(Buffer.from(authorities ?? '', 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(JSON.stringify(kube('Deployment', 'armature/rag').inputs)).toContain('POSTGRES_CA_FILE');
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const wire = JSON.stringify(secrets);
    const clear = JSON.stringify(resources.map((one) => ({ ...one, inputs: unmarked(one.inputs, () => 'sealed') })));
    const made = ['redis-password', 'postgres-password', 'tokens-jwt-secret'].map((name) => `random value of ${name}`);
    for (const value of [...outsideSecrets(stack).map(secretValue), ...made]) {
      expect(wire).toContain(base64(value));
      expect(clear).not.toContain(value);
      expect(clear).not.toContain(base64(value));
    }
  });

  test('registers the same when nothing is known yet: it makes no resource of what another one says', async () => {
    const preview = await recordedRun(() => program(), { ...awsStackRun(stack), preview: true });
    expect(preview.registrations.map(({ urn }) => urn).sort()).toEqual(run.registrations.map(({ urn }) => urn).sort());
    expect(new Set(run.registrations.map(({ urn }) => urn)).size).toBe(run.registrations.length);
  });

  test('has no chain of more than 8 that are made one after the other', () => {
    const makes = ({ type }: Registration) => /^(aws|random|kubernetes):/.test(type);
    expect(longestChain(resources, makes)).toBe(8);
    // The two providers make nothing, but stand in it.
    expect(longestChain(resources)).toBe(10);
  });

  test('starts no pod before its nodes, network, volumes, mesh and role are there', () => {
    const before = reach(resources);
    const pods = resources.filter((one) => ['Deployment', 'StatefulSet'].includes(short(one.type)));
    const needed = resources
      .filter(
        ({ type, name }) =>
          ['NodeGroup', 'Addon', 'PodIdentityAssociation'].includes(short(type)) ||
          ['istiod', 'istio-cni', 'istio-base'].includes(name),
      )
      .filter(({ name }) => name !== 'cluster-autoscaler');
    expect(needed.length).toBeGreaterThan(10);
    const missing = pods.flatMap((pod) =>
      needed.filter(({ urn }) => !before.get(pod.urn)?.has(urn)).map(({ name }) => `${pod.name} before ${name}`),
    );
    expect(missing).toEqual([]);
    const rag = kube('ConfigMap', 'armature/rag-settings');
    expect(before.get(rag.urn)).toContain(only('aws:rds/instance:Instance').urn);
    expect(before.get(kube('ConfigMap', 'armature/memory-settings').urn)).not.toContain(
      only('aws:rds/instance:Instance').urn,
    );
  });

  test('is registered with its own providers, which tag everything', () => {
    const provider = only('pulumi:providers:aws');
    expect(JSON.parse(String(provider.inputs.defaultTags)).tags).toEqual({
      'armature:stack': `aws-${stack}`,
      'armature:environment': stack,
      'armature:managed-by': 'pulumi',
    });
    for (const one of resources.filter(({ type }) => type.startsWith('aws:'))) {
      expect([one.name, one.provider.startsWith(`${provider.urn}::`)]).toEqual([one.name, true]);
    }
    const cluster = only('pulumi:providers:kubernetes');
    const kubeconfig = JSON.parse(String(cluster.inputs.kubeconfig));
    expect(kubeconfig.users[0].user.exec.args).toEqual(
      expect.arrayContaining(['get-token', '--cluster-name', `armature-aws-${stack}`]),
    );
  });

  test('has nothing that a policy is against', async () => {
    expect(await stackVerdict(policies, resources)).toEqual([]);
  });
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
    expect(left.map(({ type }) => short(type))).toEqual(['Secret']);
  });

  test('nothing has a way out, and the APIs of AWS are reached inside', () => {
    const count = (kind: string) => registrations.filter(({ type }) => short(type) === kind).length;
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
