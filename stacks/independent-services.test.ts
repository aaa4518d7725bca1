import { describe, expect, test } from '@jest/globals';
import type { Construct } from 'constructs';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { type ServiceName, services } from '../contract/index.js';
import type { Manifest } from '../test/support/cluster.js';
import { differences } from '../test/support/differences.js';
import type { EnvironmentConfigInput } from './environment-config.js';
import { dev, production } from './environments/index.js';
import { manifestsOf } from './manifests.js';
import { PlatformStack } from './platform-stack.js';
import { chapterResources } from './sizes.js';

const NAMES = Object.keys(services) as ServiceName[];

type Files = ReadonlyMap<string, string>;

function filesOf(config: EnvironmentConfigInput): Files {
  return manifestsOf(
    class extends PlatformStack {
      constructor(scope: Construct) {
        super(scope, config);
      }
    },
  ).files;
}

function objectsIn(files: Files): readonly Manifest[] {
  return [...files.values()].flatMap((text) => loadAll(text, { schema: YAML11_SCHEMA }) as Manifest[]);
}

/** What a change of the config changes in the cluster. */
function changes(before: Files, after: Files): readonly string[] {
  return differences(objectsIn(before), objectsIn(after));
}

/** A config with something of its own for one service. */
function only(config: EnvironmentConfigInput, name: ServiceName, own: EnvironmentConfigInput['services'][ServiceName]) {
  return { ...config, services: { ...config.services, [name]: own } };
}

const release = { ...production.image, tag: '0.2.0' };

describe.each([
  ['production', production],
  ['dev', dev],
] as const)('in %s', (_, config) => {
  const before = filesOf(config);

  test.each(NAMES)('another tag of %s changes its Deployment alone, and the old tag brings every byte back', (name) => {
    const after = filesOf(only(config, name, { image: release }));
    expect(changes(before, after)).toEqual([`Deployment/${name} spec.template.spec.containers.0.image`]);
    expect([...filesOf(only(config, name, { image: production.image }))]).toEqual([...before]);
  });

  test('another tag for all changes every Deployment, and no other object', () => {
    const after = filesOf({ ...config, image: release });
    expect(changes(before, after)).toEqual(
      NAMES.map((name) => `Deployment/${name} spec.template.spec.containers.0.image`).sort(),
    );
    expect([...filesOf(config)]).toEqual([...before]);
  });

  test('other resources of one service change its Deployment alone, beside what the namespace may use', () => {
    const resources = { ...chapterResources, memory: { request: '768Mi', limit: '3Gi' } } as const;
    const changed = changes(before, filesOf(only(config, 'agent', { resources })));
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
  const before = filesOf(production);
  const after = filesOf({ ...production, canary: { ...production.canary, image: release } });
  expect(changes(before, after)).toEqual(['Deployment/chat-v2 spec.template.spec.containers.0.image']);
  expect([...filesOf({ ...production, canary: { ...production.canary, image: production.image } })]).toEqual([
    ...before,
  ]);
});

/** Where people see between which bounds an autoscaler moves. */
const SHOWN = 'ConfigMap/grafana-dashboards data.autoscaling.json';

test('another floor of one service changes its autoscaler alone, and the line that shows it', () => {
  const after = filesOf(only(production, 'rag', { minReplicas: 8 }));
  expect(changes(filesOf(production), after)).toEqual([SHOWN, 'HorizontalPodAutoscaler/rag spec.minReplicas']);
});

test('another ceiling of one service changes its autoscaler alone, beside what the namespace may use', () => {
  const changed = changes(filesOf(production), filesOf(only(production, 'rag', { maxReplicas: 40 })));
  expect(changed).toContain('HorizontalPodAutoscaler/rag spec.maxReplicas');
  expect(changed.filter((change) => !/^(ResourceQuota|HorizontalPodAutoscaler\/rag)/.test(change))).toEqual([SHOWN]);
});

// It was left at the environment's number without a word.
test('where nothing scales, one service has a number of replicas of its own', () => {
  const changed = changes(filesOf(dev), filesOf(only(dev, 'rag', { replicas: 3 })));
  expect(changed).toContain('Deployment/rag spec.replicas');
  expect(changed.filter((change) => !/^(ResourceQuota|PodDisruptionBudget\/rag|Deployment\/rag)/.test(change))).toEqual(
    [],
  );
});
