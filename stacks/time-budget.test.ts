/** The chains of time limits as they stand in the manifests: nothing here is read from the constants they were made of. */
import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { tasks } from '../contract/index.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { Production, production } from './environments/index.js';
import { type ServicePlan, servicePlan } from './index.js';

const manifests = new Production(new App({ outdir: '.' })).node.children
  .filter(Chart.isChart)
  .flatMap((chart): Manifest[] => chart.toJson());

const seconds = (text: unknown) => Number(/^(\d+)s$/.exec(String(text))?.[1]);
const timeoutsOf = (virtualService: string) =>
  (at(find(manifests, 'VirtualService', virtualService), 'spec.http') as { name: string; timeout?: string }[])
    .filter(({ name }) => name !== 'websocket')
    .map(({ timeout }) => seconds(timeout));
const podOf = (name: string) => at(find(manifests, 'Deployment', name), 'spec.template.spec');
const graceOf = (name: string) => Number(at(podOf(name), 'terminationGracePeriodSeconds'));
const preStopOf = (name: string) => Number(at(podOf(name), 'containers.0.lifecycle.preStop.sleep.seconds') ?? 0);

describe('production', () => {
  test('ends a request at the route before it ends it at the gateway', () => {
    const [entrance] = timeoutsOf('public');
    // The first of chat's routes is the release's, which the canary controller makes of its resource.
    const release = Number(at(find(manifests, 'CanaryRelease', 'chat'), 'spec.timeoutMs')) / 1000;
    const [delegated, own] = timeoutsOf('chat');
    expect(delegated).toBeNaN();
    for (const route of [release, own]) expect(entrance).toBeGreaterThan(Number(route));
  });

  test.each(['gateway', 'chat', 'rag', 'agent', 'memory', 'orchestrator'])(
    'lets a pod of %s answer the longest request that the gateway lets through, and any that came late',
    (name) => {
      const [entrance] = timeoutsOf('public');
      expect(preStopOf(name)).toBeGreaterThan(0);
      expect(graceOf(name)).toBeGreaterThan(preStopOf(name) + Number(entrance));
    },
  );

  test('lets a worker end its longest task, and the broker wait for it', () => {
    const files = find(manifests, 'ConfigMap', 'rabbitmq-configuration').data as Record<string, string>;
    const consumerTimeoutMs = Number(/^consumer_timeout = (\d+)$/m.exec(files['rabbitmq.conf'] ?? '')?.[1]);
    expect(consumerTimeoutMs / 1000).toBeGreaterThan(graceOf('worker'));
    expect(graceOf('worker')).toBeGreaterThan(preStopOf('worker') + 300);
    expect([tasks.hardLimitSeconds, tasks.softLimitSeconds]).toEqual([300, 240]);
    expect(tasks.resultTtlSeconds).toBeGreaterThan(4 * 300 + 60 + 120 + 240);
  });
});

describe('an environment with a chain that cannot hold is refused:', () => {
  /** Production with a plan of one service changed. */
  function withPlan(name: string, own: Partial<ServicePlan>) {
    class Changed extends Production {
      protected override services(): readonly ServicePlan[] {
        return super.services().map((plan) => (plan.spec.name === name ? servicePlan({ ...plan, ...own }) : plan));
      }
    }
    return () => new Changed(new App({ outdir: '.' }));
  }

  test('a worker that is ended early', () => {
    expect(withPlan('worker', { drainSeconds: 60 })).toThrow(
      "production/04-services/worker: the worker's grace period (65 s) must be longer than the hard limit of tasks (300 s). Fix: raise drainSeconds above 300 s",
    );
  });

  test('a service that takes longer than its callers wait', () => {
    expect(withPlan('rag', { longestAnswerMs: 120_000 })).toThrow(
      "production/04-services/rag: the route's timeout (90 s) must be longer than the service's longest answer (120 s)",
    );
  });

  test('a broker that does not wait for a draining worker', () => {
    const rabbitmq = { ...production.rabbitmq, consumerTimeoutSeconds: 302 };
    expect(() => new Production(new App({ outdir: '.' }), { ...production, rabbitmq })).toThrow(
      "production/04-services/worker: the broker's consumer timeout (302 s) must be longer than the worker's grace period (305 s)",
    );
  });
});
