import { describe, expect, test } from '@jest/globals';
import { Testing } from 'cdk8s';
import { canaryReleaseSpec, canaryRouteName } from '../../contract/vocabulary/index.js';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { translations, translatorProps } from '../../test/support/own-contract.js';
import { LlmService } from '../workload/llm-service.js';
import { CanaryRelease, type CanaryReleaseProps, canaryPermissions } from './canary-release.js';
import { CanaryReleaseDefinition } from './canary-release-definition.js';
import { Mesh } from './mesh.js';
import { trafficPolicy } from './traffic-policy.js';

function release(own: Partial<CanaryReleaseProps> = {}, mesh = Mesh.sidecar({ cni: true })) {
  const chart = emptyChart();
  const service = new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform({ mesh }) });
  const canary = service.addRelease({ ...translatorProps, version: 'v2' });
  const betaHeader = { name: 'X-Beta-User', value: 'true' };
  const props = { service, canary, betaHeader, timeoutMs: 1500, idleTimeoutSeconds: 60 };
  const build = () => new CanaryRelease(chart, 'release', { ...props, ...own });
  return { build, service, manifests: () => manifestsIn(chart) };
}

describe('CanaryRelease', () => {
  test('asks for releases by the figures of the chapter, of which a team changes some', () => {
    const { build, manifests } = release({ policy: { stepPercents: [10, 100], approval: 'manual' } });
    build();
    const spec = canaryReleaseSpec.parse(find(manifests(), 'CanaryRelease').spec);
    expect(spec).toMatchObject({
      service: 'translator',
      port: 7000,
      timeoutMs: 1500,
      slots: [
        { version: 'v1', deployment: 'translator' },
        { version: 'v2', deployment: 'translator-v2' },
      ],
      policy: { stepPercents: [10, 100], approval: 'manual', stepSeconds: 1800, checkSeconds: 60, maxErrorRatio: 0.05 },
    });
  });

  test('tells the controller how many pods there are to wait for, where autoscalers follow its floors', () => {
    const { build, manifests } = release({ minReplicas: 3, maxReplicas: 12 });
    build();
    expect(find(manifests(), 'CanaryRelease').spec).toMatchObject({ minReplicas: 3, maxReplicas: 12 });
  });

  test('states no weight, which an apply would set back, and has requests go to the first slot until a controller divides them', () => {
    const { build, manifests } = release();
    build();
    const spec = find(manifests(), 'VirtualService').spec;
    expect(spec).toEqual({
      hosts: ['translator'],
      gateways: ['mesh'],
      http: [
        { name: 'canary', match: [{ uri: { prefix: '/' } }], delegate: { name: canaryRouteName('translator') } },
        {
          name: 'stable',
          route: [{ destination: { host: 'translator', subset: 'v1', port: { number: 7000 } } }],
          timeout: '1500ms',
          retries: { attempts: 0 },
        },
      ],
    });
  });

  test('tells the slots apart by the version label that their pods carry', () => {
    const { build, manifests } = release();
    build();
    expect(find(manifests(), 'DestinationRule').spec).toEqual({
      host: 'translator',
      trafficPolicy: trafficPolicy({ idleTimeoutSeconds: 60 }),
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    });
    const versions = ['translator', 'translator-v2'].map((name) =>
      at(find(manifests(), 'Deployment', name), 'spec.template.metadata.labels.version'),
    );
    expect(versions).toEqual(['v1', 'v2']);
  });

  test.each<[string, Partial<CanaryReleaseProps>, RegExp]>([
    ['steps that do not end at 100 %', { policy: { stepPercents: [5, 50] } }, /steps 5, 50 must ascend to 100/],
    ['steps that do not ascend', { policy: { stepPercents: [5, 5, 100] } }, /steps 5, 5, 100 must ascend/],
    [
      'a business metric that the service does not expose',
      { policy: { businessMetric: { values: 'cost_total', answers: 'answers_total', harm: 'increase', limit: 0.02 } } },
      /asks for "cost_total", which translator does not expose \(it has translations_total/,
    ],
    [
      'a business metric that tells releases apart by a label which its counters do not have',
      {
        policy: {
          businessMetric: {
            values: translations.name,
            answers: translations.name,
            releaseLabel: 'by',
            harm: 'increase',
            limit: 0.02,
          },
        },
      },
      /tells releases apart by "by", which translations_total does not have \(its labels: language\)/,
    ],
    ['more pods at least than at most', { minReplicas: 5, maxReplicas: 4 }, /5 pods are more than maxReplicas, 4/],
    ['a header with a space in its name', { betaHeader: { name: 'X Beta', value: 'true' } }, /name of a header/],
    [
      'a multiple at which every canary would pass for harmful',
      { policy: { maxErrorRatio: 0.5, harmfulMultiple: 2 } },
      /maxErrorRatio/,
    ],
    [
      'a webhook with a secret in its address',
      { webhooks: [{ name: 'gate', type: 'pre-rollout', url: 'https://gate.example.com/?token=s3cret' }] },
      /no user and no query/,
    ],
    ['a rate of one in two and more', { policy: { falseRollbackRate: 0.7 } }, /falseRollbackRate/],
  ])('refuses %s', (_what, own, message) => {
    expect(release(own).build).toThrow(message);
  });

  test('refuses a canary that is the stable release, or another service’s', () => {
    const { service } = release();
    expect(release({ service, canary: service.stable }).build).toThrow(
      /"v1" is no second release of translator.*addRelease/,
    );
    const [, other] = release().service.releases;
    expect(other && release({ canary: other }).build).toThrow(/is no second release/);
  });

  test('refuses to release where no proxy would split', () => {
    expect(release({}, Mesh.none('a test')).build).toThrow(/mesh is "none".*Mesh.sidecar/);
    expect(release({}, Mesh.ambient()).build).toThrow(/mesh is "ambient"/);
  });
});

describe('the permissions of a controller', () => {
  const controller = { name: 'canary' };

  test('name each object that may be changed, and no Deployment may', () => {
    const rules = canaryPermissions(controller, [{ name: 'chat', deployments: ['chat', 'chat-v2'] }]);
    const open = rules.filter(({ verbs, resourceNames }) => !resourceNames && verbs.some((verb) => verb !== 'create'));
    expect(open).toEqual([
      { apiGroups: ['armature.dev'], resources: ['canaryreleases'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(rules.filter(({ resources }) => resources?.includes('deployments')).map(({ verbs }) => verbs)).toEqual([
      ['get'],
    ]);
  });

  test('touch no route where no service has releases', () => {
    const groups = canaryPermissions(controller, []).flatMap(({ apiGroups }) => apiGroups);
    expect(groups).toEqual(['armature.dev', 'coordination.k8s.io', 'coordination.k8s.io']);
  });
});

test('the definition is structural: of each field it says what it is, and allows nothing that Kubernetes does not', () => {
  const chart = Testing.chart();
  new CanaryReleaseDefinition(chart, 'definition');
  const definition = find(manifestsIn(chart), 'CustomResourceDefinition');
  const [version] = at(definition, 'spec.versions') as [{ schema: { openAPIV3Schema: object }; subresources: object }];
  expect(version.subresources).toEqual({ status: {} });
  const nodes: Record<string, unknown>[] = [];
  JSON.stringify(version.schema.openAPIV3Schema, (_key, value) => {
    if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string')
      nodes.push(value);
    return value;
  });
  expect(nodes.length).toBeGreaterThan(40);
  for (const node of nodes) {
    expect(node).not.toHaveProperty('additionalProperties');
    expect(node.type === 'object' ? 'properties' in node : true).toBe(true);
  }
});
