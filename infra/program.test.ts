import { beforeAll, describe, expect, test } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { isMapping } from '../constructs/check/field.js';
import type { KubeManifest } from './kube-manifest.js';
import { policies } from './policy/policies.js';
import { stackVerdict } from './policy/stack-verdict.fixture.js';
import { program } from './program.js';
import { mockedEngine, type RecordedRun, type Registration, recordedRun } from './recorded-run.fixture.js';
import { longestChain, reach } from './registration-order.fixture.js';
import { resourceIdentity } from './resource-identity.js';
import { isMarked, unmarked } from './secret-mark.fixture.js';
import { STACKS, secretValue, stackFile, stackManifests, stackRun } from './stack-files.fixture.js';
import type { StackOutputs } from './stack-outputs.js';

describe.each(STACKS)('stack %s', (stack) => {
  const { objects, requiredSecrets } = stackManifests(stack);
  const manifests = objects as readonly KubeManifest[];
  let run: RecordedRun<StackOutputs>;
  let resources: readonly Registration[];

  beforeAll(async () => {
    run = await recordedRun(() => program(), stackRun(stack));
    resources = run.registrations.filter(({ type }) => type.startsWith('kubernetes:'));
  });

  const one = (type: string, name: string): Registration => {
    const found = resources.filter((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
    expect(found).toHaveLength(1);
    return found[0] as Registration;
  };

  test('registers every synthesised object once, and the Secrets that the pods wait for', () => {
    const secrets = [...new Set(requiredSecrets.map(({ secret }) => secret))];
    const expected = [
      ...manifests.map((manifest) => resourceIdentity(manifest)).map(({ type, name }) => `${type} ${name}`),
      ...secrets.map((name) => `kubernetes:core/v1:Secret armature/${name}`),
    ];
    expect(resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(expected.sort());
    expect(new Set(run.registrations.map(({ urn }) => urn)).size).toBe(run.registrations.length);
    expect(manifests.length).toBeGreaterThan(90);
  });

  test('registers each as it was synthesised; only the provider is told more, by annotations of its own', () => {
    for (const manifest of manifests) {
      const { type, name } = resourceIdentity(manifest);
      const { inputs } = resources.find((resource) => resource.type === type && resource.name === name) as Registration;
      expect(withoutPulumiAnnotations(inputs)).toEqual(withoutPulumiAnnotations(manifest));
    }
  });

  test('registers each under the name that it has had and every earlier version of its API', () => {
    const lacking = (kind: string, version: string) =>
      resources.filter(
        ({ type, aliasTypes }) => type.endsWith(`:${kind}`) && !aliasTypes.includes(`kubernetes:${version}:${kind}`),
      );
    expect(lacking('Deployment', 'apps/v1beta1')).toEqual([]);
    expect(lacking('HorizontalPodAutoscaler', 'autoscaling/v2beta2')).toEqual([]);
    expect(lacking('VirtualService', 'networking.istio.io/v1beta1')).toEqual([]);
    expect(resources.filter(({ type, aliasTypes }) => aliasTypes.includes(type))).toEqual([]);
  });

  test('registers all of them with its own provider, below one component', () => {
    const [component] = run.registrations.filter(({ type }) => type === 'armature:index:KubernetesEnvironment');
    const [provider] = run.registrations.filter(({ type }) => type === 'pulumi:providers:kubernetes');
    for (const { parent, provider: reference } of resources) {
      expect(parent).toBe(component?.urn);
      expect(reference.startsWith(`${provider?.urn}::`)).toBe(true);
    }
    expect(provider?.inputs).toEqual({
      context: stackFile(stack)['armature:context'],
      clusterIdentifier: stack,
      enableServerSideApply: 'true',
      enableConfigMapMutable: 'true',
      enableSecretMutable: 'true',
      upsertExistingObjects: 'false',
    });
  });

  test('makes each after all that it needs', () => {
    const before = reach(resources);
    const needs = (resource: Registration, other: Registration) => before.get(resource.urn)?.has(other.urn) ?? false;
    const ofKind = (...kinds: string[]) =>
      resources.filter(({ type }) => kinds.includes(type.slice(type.lastIndexOf(':') + 1)));
    const [namespace] = ofKind('Namespace');
    const inNamespace = resources.filter(
      ({ inputs }) => (inputs as { metadata: { namespace?: string } }).metadata.namespace === namespace?.name,
    );
    const stores = ofKind('StatefulSet');
    const deployments = ofKind('Deployment');
    const read = ofKind('ConfigMap', 'Secret', 'ServiceAccount', 'RoleBinding');
    const rules = ofKind(
      'NetworkPolicy',
      'ResourceQuota',
      'LimitRange',
      'ValidatingAdmissionPolicyBinding',
      'AuthorizationPolicy',
    );
    expect([inNamespace, stores, deployments, read, rules].map((list) => list.length > 3)).toEqual(Array(5).fill(true));
    const missing = [
      ...pairs(inNamespace, [namespace as Registration]),
      ...pairs([...stores, ...deployments], [...read, ...rules, ...ofKind('PriorityClass')]),
      ...pairs(deployments, [...stores, ...ofKind('Certificate')]),
      ...pairs(ofKind('HorizontalPodAutoscaler', 'APIService', 'VirtualService', 'Gateway'), deployments),
    ].filter(([resource, other]) => !needs(resource, other));
    expect(missing.map(([resource, other]) => `${resource.name} before ${other.name}`)).toEqual([]);
  });

  test('waits for no Service before its pods are asked for', () => {
    const before = reach(resources);
    const services = new Set(resources.filter(({ type }) => type.endsWith(':Service')).map(({ urn }) => urn));
    for (const pods of resources.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))) {
      const own = [...services].filter((urn) => urn.endsWith(`::${pods.name}`) && before.get(pods.urn)?.has(urn));
      expect([pods.name, own]).toEqual([pods.name, []]);
    }
  });

  test('has no chain of more than 8 resources, the provider among them', () => {
    expect(longestChain(run.registrations)).toBeLessThanOrEqual(8);
    // Six steps are what the order asks for; a shorter chain would mean that it is lost.
    expect(longestChain(run.registrations)).toBeGreaterThanOrEqual(5);
  });

  test('asks for them in an order in which every dependency is there already', () => {
    const seen = new Set<string>();
    for (const { urn, dependencies } of run.registrations) {
      expect(dependencies.filter((dependency) => !seen.has(dependency))).toEqual([]);
      seen.add(urn);
    }
  });

  test('marks every secret, and has none in clear anywhere', () => {
    const secrets = resources.filter(({ type }) => type === 'kubernetes:core/v1:Secret');
    for (const { inputs, additionalSecretOutputs } of secrets) {
      expect(Object.values(inputs.data as object).map(isMarked)).not.toContain(false);
      expect(additionalSecretOutputs).toEqual(['data', 'stringData']);
    }
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const wire = JSON.stringify(secrets);
    const clear = JSON.stringify([
      run.registrations.map((one) => ({ ...one, inputs: unmarked(one.inputs, () => 'sealed') })),
      run.outputs,
    ]);
    for (const ref of requiredSecrets) {
      const value = secretValue(ref);
      expect(wire).toContain(base64(value));
      expect(clear).not.toContain(value);
      expect(clear).not.toContain(base64(value));
    }
  });

  test('protects what holds data and its namespace, leaves them standing, and nothing else', () => {
    const lasting = resources.filter(({ protect }) => protect);
    const claiming = manifests.filter(({ spec }) => isMapping(spec) && 'volumeClaimTemplates' in spec);
    expect(claiming.length).toBeGreaterThan(2);
    expect(lasting.map(({ name }) => name).sort()).toEqual(
      ['armature', ...claiming.map(({ metadata }) => `armature/${metadata.name}`)].sort(),
    );
    expect(resources.filter(({ retainOnDelete }) => retainOnDelete)).toEqual(lasting);
  });

  test('leaves alone what controllers own, and nothing else', () => {
    const ignored = resources.filter(({ ignoreChanges }) => ignoreChanges.length > 0);
    const scaled = manifests
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map(({ metadata }) => metadata.name);
    const expected: Record<string, readonly string[]> = Object.fromEntries(
      scaled.map((name) => [`Deployment armature/${name}`, ['spec.replicas']]),
    );
    if (stack !== 'dev') {
      for (const api of ['custom', 'external'])
        expected[`APIService v1beta1.${api}.metrics.k8s.io`] = ['spec.caBundle'];
    }
    expect(
      Object.fromEntries(
        ignored.map(({ type, name, ignoreChanges }) => [`${type.split(':')[2]} ${name}`, ignoreChanges]),
      ),
    ).toEqual(expected);
  });

  test('says nothing of weights, which the canary controller moves, and so needs to win over nobody', () => {
    expect(resources.filter(({ inputs }) => JSON.stringify(inputs).includes('pulumi.com/'))).toEqual([]);
    const route = one('VirtualService', 'armature/chat').inputs;
    expect(JSON.stringify(route).includes('"weight"')).toBe(false);
  });

  test('registers the same when nothing is known yet: it makes no resource of what another one says', async () => {
    const preview = await recordedRun(() => program(), { ...stackRun(stack), preview: true });
    expect(preview.registrations.map(({ urn }) => urn).sort()).toEqual(run.registrations.map(({ urn }) => urn).sort());
  });

  test('has nothing that a policy is against', async () => {
    expect(await stackVerdict(policies, run.registrations)).toEqual([]);
  });

  test('tells where it is reached', () => {
    const host = { dev: 'llm.dev.example.com', staging: 'llm.staging.example.com', production: 'llm.example.com' }[
      stack
    ];
    expect(run.outputs).toMatchObject({
      environment: stack,
      namespace: 'armature',
      urls: [`https://${host}`],
      endpoints: { 'gateway/http': 'gateway.armature.svc:8080' },
    });
    expect(one('Service', 'armature/gateway').type).toBe('kubernetes:core/v1:Service');
  });
});

test('a bad configuration is one RunError with every bad key, and nothing is registered', async () => {
  const registrations = await mockedEngine({
    stack: 'dev',
    config: { 'armature:target': 'gcp', 'armature:colour': 'blue', 'kubernetes:context': 'not ours to read' },
  });
  let error: unknown;
  try {
    program();
  } catch (thrown) {
    error = thrown;
  }
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  // With one, Node took 16 s to format it.
  expect((error as Error).stack).toBe('');
  const lines = String((error as Error).message).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'Configuration of stack "dev": 13 bad keys',
    expect.stringContaining('armature:target: "gcp" invalid option'),
    '  armature:colour: "blue" is no known key',
  ]);
  expect(lines).toHaveLength(1 + 13);
  expect(registrations).toEqual([]);
});

test('a secret in clear is refused', async () => {
  await mockedEngine({ ...stackRun('dev'), secretKeys: [] });
  expect(() => program()).toThrow('armature:secrets: (in clear) must be encrypted');
});

function withoutPulumiAnnotations({ metadata, ...rest }: Readonly<Record<string, unknown>>): unknown {
  const { annotations = {}, ...others } = metadata as { annotations?: Record<string, string> };
  const own = Object.entries(annotations).filter(([key]) => !key.startsWith('pulumi.com/'));
  return { ...rest, metadata: { ...others, annotations: Object.fromEntries(own) } };
}

function pairs(
  resources: readonly Registration[],
  others: readonly Registration[],
): (readonly [Registration, Registration])[] {
  return resources.flatMap((resource) => others.map((other) => [resource, other] as const));
}
