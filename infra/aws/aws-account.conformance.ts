import { expect, test } from '@jest/globals';
import { kindOf, type RecordedStack } from './recorded-stack.fixture.js';

/** What a stack has of AWS: network, cluster, nodes, stores, roles, entrance, budget. */
export function describeAccount(recorded: () => RecordedStack): void {
  test('has of AWS what its size says', () => {
    const { resources } = recorded();
    const counts: Record<string, number> = {};
    for (const { type } of resources.filter((one) => /^(aws|random):/.test(one.type))) {
      counts[kindOf(type)] = (counts[kindOf(type)] ?? 0) + 1;
    }
    expect(counts).toMatchSnapshot();
  });

  test('has a private network over three zones, whose only public addresses are for load balancers and NAT', () => {
    const { isSmall, ofType, only } = recorded();
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
    const { ofType, only } = recorded();
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
    const { isSmall, ofType, only, resources } = recorded();
    const groups = ofType('aws:eks/nodeGroup:NodeGroup');
    const pods = resources.filter((one) => ['Deployment', 'StatefulSet'].includes(kindOf(one.type)));
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
    const { isSmall, ofType, only } = recorded();
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
    const { ofType } = recorded();
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
    const { kube, ofType, resources } = recorded();
    const associations = ofType('aws:eks/podIdentityAssociation:PodIdentityAssociation');
    const jobs = resources
      .filter((one) => kindOf(one.type) === 'CronJob')
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
    const { isSmall, kube, ofType, only, run, stack } = recorded();
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
    const { only, stack } = recorded();
    expect(only('aws:budgets/budget:Budget').inputs).toMatchObject({
      costFilters: [{ name: 'TagKeyValue', values: [`user:armature:stack$aws-${stack}`] }],
      notifications: [{ threshold: 80, subscriberEmailAddresses: ['platform@example.com'] }, { threshold: 100 }],
    });
  });
}
