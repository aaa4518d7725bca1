import { expect, test } from '@jest/globals';
import type { KubeManifest } from '../kube-manifest.js';
import { policies } from '../policy/policies.js';
import { stackVerdict } from '../policy/stack-verdict.fixture.js';
import { program } from '../program.js';
import { type Registration, recordedRun } from '../recorded-run.fixture.js';
import { longestChain, reach } from '../registration-order.fixture.js';
import { resourceIdentity } from '../resource-identity.js';
import { isMarked, unmarked } from '../secret-mark.fixture.js';
import { awsStackRun, outsideSecrets, secretValue, stackManifests } from '../stack-files.fixture.js';
import { kindOf, type RecordedStack } from './recorded-stack.fixture.js';

/** What a stack has on its cluster, in what order it is made, and what it must not give away. */
export function describeEnvironment(recorded: () => RecordedStack): void {
  test('has the environment of every other cluster on it, object by object, at the addresses that AWS gave', () => {
    const { isSmall, kube, resources, stack } = recorded();
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
    const { kube, ofType, only, resources, stack } = recorded();
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
    const { run, stack } = recorded();
    const preview = await recordedRun(() => program(), { ...awsStackRun(stack), preview: true });
    expect(preview.registrations.map(({ urn }) => urn).sort()).toEqual(run.registrations.map(({ urn }) => urn).sort());
    expect(new Set(run.registrations.map(({ urn }) => urn)).size).toBe(run.registrations.length);
  });

  test('has no chain of more than 8 that are made one after the other', () => {
    const { resources } = recorded();
    const makes = ({ type }: Registration) => /^(aws|random|kubernetes):/.test(type);
    expect(longestChain(resources, makes)).toBe(8);
    // The two providers make nothing, but stand in it.
    expect(longestChain(resources)).toBe(10);
  });

  test('starts no pod before its nodes, network, volumes, mesh and role are there', () => {
    const { kube, only, resources } = recorded();
    const before = reach(resources);
    const pods = resources.filter((one) => ['Deployment', 'StatefulSet'].includes(kindOf(one.type)));
    const needed = resources
      .filter(
        ({ type, name }) =>
          ['NodeGroup', 'Addon', 'PodIdentityAssociation'].includes(kindOf(type)) ||
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
    const { only, resources, stack } = recorded();
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
    const { resources } = recorded();
    expect(await stackVerdict(policies, resources)).toEqual([]);
  });
}
