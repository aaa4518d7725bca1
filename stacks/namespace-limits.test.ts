/** Quota and limits of the shipped environments, against the pods that stand in the same manifests. */
import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { bytesOf, millicoresOf } from '../constructs/workload/quantity.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { ENVIRONMENT_NAMES, environments, Production, production } from './environments/index.js';
import { type EnvironmentConfigInput, Scaling, separatePools } from './index.js';

type Amounts = Readonly<Record<string, string>>;
interface Container {
  readonly name: string;
  readonly resources: { readonly requests: Amounts; readonly limits: Amounts };
}

const amount = (name: string, text = '0') => (name === 'cpu' ? millicoresOf(text) : bytesOf(text));

function manifestsOf(stack: Production | InstanceType<(typeof environments)[keyof typeof environments]>) {
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

function containersIn(manifests: readonly Manifest[]): readonly Container[] {
  return manifests.flatMap((one) =>
    ['containers', 'initContainers'].flatMap((kind) => (at(one, `spec.template.spec.${kind}`) ?? []) as Container[]),
  );
}

describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  const manifests = manifestsOf(new environments[name](new App({ outdir: '.' })));

  test('has no container larger than its limit range allows, or than a default would make it', () => {
    const [limits] = at(find(manifests, 'LimitRange'), 'spec.limits') as [Record<'default' | 'max', Amounts>];
    const containers = containersIn(manifests);
    expect(containers.length).toBeGreaterThan(8);
    for (const { name: container, resources } of containers) {
      for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
        const [limit, max] = [amount(resource, resources.limits[resource]), amount(resource, limits.max[resource])];
        expect([container, resource, limit > 0 && limit <= max]).toEqual([container, resource, true]);
        expect(amount(resource, limits.default[resource])).toBeLessThanOrEqual(max);
      }
    }
  });

  test('has room in its quota for every pod at the autoscalers’ ceilings', () => {
    const hard = at(find(manifests, 'ResourceQuota'), 'spec.hard') as Amounts;
    const workloads = manifests.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
    const scalers = manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    let [pods, cpu] = [0, 0];
    for (const workload of workloads) {
      const scaler = scalers.find((one) => at(one, 'spec.scaleTargetRef.name') === workload.metadata.name);
      const replicas = Number(at(scaler, 'spec.maxReplicas') ?? at(workload, 'spec.replicas'));
      pods += replicas;
      for (const { resources } of at(workload, 'spec.template.spec.containers') as Container[]) {
        cpu += replicas * millicoresOf(resources.limits.cpu ?? '0');
      }
    }
    expect(pods).toBeGreaterThan(5);
    expect(Number(hard.pods)).toBeGreaterThan(pods);
    expect(millicoresOf(hard['limits.cpu'] ?? '0')).toBeGreaterThan(cpu);
  });
});

describe('an environment that may grow above what it has is refused:', () => {
  const synthesis = (own: Partial<EnvironmentConfigInput>) => () =>
    manifestsOf(new Production(new App({ outdir: '.' }), { ...production, ...own }));

  test('above its quota', () => {
    expect(synthesis({ quota: { cpu: '100', memory: '512Gi', pods: 1000 } })).toThrow(
      /production\/04-services\/\S+-autoscaler: a ceiling of 50 replicas of \S+ \(63 pods during an update\) asks for .+ of the 100 cores of the quota\. Fix: /,
    );
    expect(synthesis({ quota: { cpu: '1000', memory: '2Ti', pods: 1000 } })).not.toThrow();
  });

  test('above the nodes of a pool, and the fix that it names is one', () => {
    const compute = { nodes: 4, cpu: '7', memory: '28Gi' } as const;
    const nodePools = separatePools({ compute });
    expect(synthesis({ nodePools })).toThrow(
      'production/04-services/rag-autoscaler: a ceiling of 50 replicas of rag (63 pods during an update) asks for 37.8 cores, and with everything else for 37.8 cores of the 28 cores of the node pool "compute" (4 x 7 CPU, 28Gi, 110 pods). Fix: maxReplicas: 36, or more or larger nodes in nodePools.compute.capacity.',
    );
    expect(synthesis({ nodePools, services: { rag: { maxReplicas: 36 } } })).not.toThrow();
  });

  test('though not where it may not grow that far', () => {
    const quota = { cpu: '150', memory: '256Gi', pods: 300 } as const;
    expect(synthesis({ quota, scaling: Scaling.autoscaled({ maxReplicas: 10 }) })).not.toThrow();
  });
});
