import { describe, expect, test } from '@jest/globals';
import type { Construct } from 'constructs';
import { type ServiceName, services } from '../contract/index.js';
import type { Manifest } from '../test/support/cluster.js';
import { differences } from '../test/support/differences.js';
import type { EnvironmentConfigInput } from './environment-config.js';
import { dev, production } from './environments/index.js';
import { type Manifests, manifestsOf } from './manifests.js';
import { PlatformStack } from './platform-stack.js';
import { chapterResources } from './sizes.js';

const NAMES = Object.keys(services) as ServiceName[];

function synthesised(config: EnvironmentConfigInput): Manifests {
  return manifestsOf(
    class extends PlatformStack {
      constructor(scope: Construct) {
        super(scope, config);
      }
    },
  );
}

/** What a change of the config changes in the cluster. */
function changes(before: Manifests, after: Manifests): readonly string[] {
  return differences(before.objects as readonly Manifest[], after.objects as readonly Manifest[]);
}

/** A config with something of its own for one service. */
function only(config: EnvironmentConfigInput, name: ServiceName, own: EnvironmentConfigInput['services'][ServiceName]) {
  return { ...config, services: { ...config.services, [name]: own } };
}

const [asProduction, asDev] = [synthesised(production), synthesised(dev)];
const release = { ...production.image, tag: '0.2.0' };

describe.each([
  ['production', production, asProduction],
  ['dev', dev, asDev],
] as const)('in %s', (_, config, before) => {
  test.each(NAMES)('another tag of %s changes its Deployment alone, and the old tag brings every byte back', (name) => {
    const after = synthesised(only(config, name, { image: release }));
    expect(changes(before, after)).toEqual([`Deployment/${name} spec.template.spec.containers.0.image`]);
    expect([...synthesised(only(config, name, { image: production.image })).files]).toEqual([...before.files]);
  });

  test('another tag for all changes every Deployment, and no other object', () => {
    const after = synthesised({ ...config, image: release });
    expect(changes(before, after)).toEqual(
      NAMES.map((name) => `Deployment/${name} spec.template.spec.containers.0.image`).sort(),
    );
    expect([...synthesised(config).files]).toEqual([...before.files]);
  });

  test('other resources of one service change its Deployment alone, beside what the namespace may use', () => {
    const resources = { ...chapterResources, memory: { request: '768Mi', limit: '3Gi' } } as const;
    const changed = changes(before, synthesised(only(config, 'agent', { resources })));
    expect(changed).toEqual(
      expect.arrayContaining([
        'Deployment/agent spec.template.spec.containers.0.resources.limits.memory',
        'Deployment/agent spec.template.spec.containers.0.resources.requests.memory',
      ]),
    );
    const elsewhere = changed.filter((change) => !/^(ResourceQuota|LimitRange|Deployment\/agent)/.test(change));
    expect(elsewhere).toEqual([]);
  });
});

test('another tag of the canary changes the canary’s Deployment alone, and the old tag brings every byte back', () => {
  const withCanary = (image: typeof release) => synthesised({ ...production, canary: { ...production.canary, image } });
  expect(changes(asProduction, withCanary(release))).toEqual([
    'Deployment/chat-v2 spec.template.spec.containers.0.image',
  ]);
  expect([...withCanary(production.image).files]).toEqual([...asProduction.files]);
});

/** Where people see between which bounds an autoscaler moves. */
const SHOWN = 'ConfigMap/grafana-dashboards data.autoscaling.json';

test('another floor of one service changes its autoscaler alone, and the line that shows it', () => {
  const after = synthesised(only(production, 'rag', { minReplicas: 8 }));
  expect(changes(asProduction, after)).toEqual([SHOWN, 'HorizontalPodAutoscaler/rag spec.minReplicas']);
});

test('another ceiling of one service changes its autoscaler alone, beside what the namespace may use', () => {
  const changed = changes(asProduction, synthesised(only(production, 'rag', { maxReplicas: 40 })));
  expect(changed).toContain('HorizontalPodAutoscaler/rag spec.maxReplicas');
  expect(changed.filter((change) => !/^(ResourceQuota|HorizontalPodAutoscaler\/rag)/.test(change))).toEqual([SHOWN]);
});

// It was left at the environment's number without a word.
test('where nothing scales, one service has a number of replicas of its own', () => {
  const changed = changes(asDev, synthesised(only(dev, 'rag', { replicas: 3 })));
  expect(changed).toContain('Deployment/rag spec.replicas');
  expect(changed.filter((change) => !/^(ResourceQuota|PodDisruptionBudget\/rag|Deployment\/rag)/.test(change))).toEqual(
    [],
  );
});
