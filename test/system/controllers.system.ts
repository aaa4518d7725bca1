import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpRequestDuration } from '../../contract/index.js';
import { production, Scaling } from '../../stacks/index.js';
import { at, find, type Manifest } from '../support/cluster.js';
import { ControlPlane } from './control-plane.js';
import { inCluster, renderReleased } from './environments.js';
import { FakeNodes, isReady } from './fake-nodes.js';
import { MetricsPipeline } from './metrics-pipeline.js';
import { customResourceDefinitions } from './tools.js';

/** Production with all its stores in the cluster, its autoscalers quicker to calm down. */
const FLOOR = 3;
const CEILING = 8;
const PERIOD_SECONDS = 15;
const { objects, namespace } = renderReleased('production', {
  ...inCluster,
  scaling: Scaling.autoscaled({
    maxReplicas: CEILING,
    behavior: {
      scaleUp: { stabilizationSeconds: 0, percent: 100, pods: 5, periodSeconds: PERIOD_SECONDS, select: 'Max' },
      scaleDown: { stabilizationSeconds: 10, percent: 50, pods: 2, periodSeconds: PERIOD_SECONDS, select: 'Min' },
    },
  }),
});
const controlled = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');

let plane: ControlPlane;
let nodes: FakeNodes;
let metrics: MetricsPipeline;

beforeAll(async () => {
  plane = await ControlPlane.start({ controllers: true });
  await plane.define(customResourceDefinitions());
  nodes = await FakeNodes.start(plane, production.nodePools);
  // Its own start tells the API server where the metrics are; there is nothing at the place that the manifests name.
  await plane.applyAll(objects.filter(({ kind }) => kind !== 'APIService'));
  metrics = await MetricsPipeline.start(plane, objects, namespace);
});
afterAll(async () => {
  await metrics?.stop();
  await nodes?.stop();
  await plane?.stop();
});

async function live(object: Manifest): Promise<Manifest> {
  return (await plane.get(object)).body;
}

function pods(): Promise<readonly Manifest[]> {
  return plane.list('v1', 'Pod', namespace);
}

describe('under real controllers and a real scheduler, on nodes of every pool,', () => {
  test('every pod is scheduled and ready', async () => {
    const lacking = async () => {
      const now = await Promise.all(controlled.map(live));
      return now.filter(
        ({ spec, status }) => at(status, 'readyReplicas') !== at(spec, 'replicas') || at(spec, 'replicas') === 0,
      );
    };
    const said = async () => {
      const events = await plane.list('v1', 'Event', namespace);
      const warnings = events.filter(({ type }) => type === 'Warning').map(({ message }) => message);
      const names = (await lacking()).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      return `${names.join(', ')} lack pods; ${[...new Set(warnings)].join('\n')}`;
    };
    await nodes.until(namespace, async () => (await lacking()).length === 0, said);
    expect((await pods()).filter((pod) => !isReady(pod))).toEqual([]);
    expect((await pods()).length).toBeGreaterThan(controlled.length);
  });

  test('every pod stands on a node of its own pool, and a workload of three in three zones', async () => {
    const zones = new Map<string, Set<string>>();
    for (const { metadata, spec } of await pods()) {
      const terms = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
      const pool = at(spec, `${terms}.0.matchExpressions.0.values.0`);
      const [placed, zone = ''] = String(at(spec, 'nodeName')).split('-');
      expect([metadata.name, placed]).toEqual([metadata.name, pool]);
      const name = `${metadata.labels?.['app.kubernetes.io/name']} ${metadata.labels?.version}`;
      zones.set(name, (zones.get(name) ?? new Set()).add(zone));
    }
    const large = controlled.filter(({ spec }) => Number(at(spec, 'replicas')) >= 3);
    for (const { metadata } of large) {
      expect([metadata.name, zones.get(`${metadata.name} ${metadata.labels?.version}`)?.size]).toEqual([
        metadata.name,
        3,
      ]);
    }
  });

  test('every disruption budget lets one pod go and never all', async () => {
    for (const budget of objects.filter(({ kind }) => kind === 'PodDisruptionBudget')) {
      const { metadata, status } = await live(budget);
      const [allowed, expected] = ['disruptionsAllowed', 'expectedPods'].map((field) => Number(at(status, field)));
      expect([metadata.name, allowed]).toEqual([metadata.name, 1]);
      expect(expected).toBeGreaterThan(0);
    }
  });

  test('the quota counts every pod and holds them', async () => {
    const { status } = await live(find(objects, 'ResourceQuota'));
    expect(Number(at(status, 'used.pods'))).toBe((await pods()).length);
  });
});

describe('an autoscaler on the p99 of its pods, through Prometheus and the adapter,', () => {
  const chat = find(objects, 'Deployment', 'chat');
  const history: { readonly seconds: number; readonly replicas: number }[] = [];
  const replicas = async () => Number(at(await live(chat), 'spec.replicas'));
  const begun = Date.now();

  /** Writes the replicas down each second until they are as wanted. */
  async function follow(wanted: number, timeoutSeconds: number): Promise<void> {
    for (const end = Date.now() + timeoutSeconds * 1_000; ; await wait(1_000)) {
      const now = await replicas();
      history.push({ seconds: (Date.now() - begun) / 1_000, replicas: now });
      if (now === wanted) return;
      if (Date.now() > end) {
        const { status } = await live(find(objects, 'HorizontalPodAutoscaler', 'chat'));
        throw new Error(`${now} replicas instead of ${wanted} after ${timeoutSeconds} s: ${JSON.stringify(status)}`);
      }
    }
  }

  /** The largest change within one period of the behaviour, as seen; the autoscaler counts its periods itself, to the second. */
  function within(seconds: number, from: number): { readonly before: number; readonly after: number }[] {
    const seen = history.slice(from);
    return seen.flatMap((one, i) =>
      seen
        .slice(i + 1)
        .filter((later) => later.seconds - one.seconds < seconds)
        .map((later) => ({ before: one.replicas, after: later.replicas })),
    );
  }

  test('reads one value for each pod', async () => {
    metrics.exposition = exposition(0.1);
    const path = `/apis/custom.metrics.k8s.io/v1beta1/namespaces/${namespace}/pods/*/http_request_duration_seconds_p99`;
    const selector = 'labelSelector=app.kubernetes.io%2Fname%3Dchat%2Cversion%3Dv1';
    const items = async () => ((await plane.send('GET', `${path}?${selector}`)).body.items ?? []) as Manifest[];
    await nodes.until(
      namespace,
      async () => (await items()).length === FLOOR && (await items()).every(({ value }) => value === '100m'),
      async () => JSON.stringify(await items()),
      120_000,
    );
  });

  test('adds at most a doubling or five pods a period', async () => {
    await follow(FLOOR, 60);
    const from = history.length;
    metrics.exposition = exposition(2);
    await follow(CEILING, 180);
    const steps = within(PERIOD_SECONDS - 2, from);
    expect(steps.filter(({ before, after }) => after > Math.max(2 * before, before + 5))).toEqual([]);
  });

  test('takes at most two pods a period away when the load has ended', async () => {
    const from = history.length;
    metrics.exposition = exposition(0.1);
    await follow(FLOOR, 300);
    const steps = within(PERIOD_SECONDS - 2, from);
    expect(steps.filter(({ before, after }) => after < before - 2)).toEqual([]);
  });

  test('holds while there is no metrics API', async () => {
    metrics.exposition = exposition(2);
    await follow(CEILING, 180);
    await metrics.stopAdapter();
    metrics.exposition = exposition(0.1);
    const condition = async () => {
      const { status } = await live(find(objects, 'HorizontalPodAutoscaler', 'chat'));
      const conditions = at(status, 'conditions') as { type: string; status: string; reason: string }[];
      return conditions.find(({ type }) => type === 'ScalingActive')?.reason;
    };
    await nodes.until(
      namespace,
      async () => (await condition()) === 'FailedGetPodsMetric',
      async () => String(await condition()),
      120_000,
    );
    for (let i = 0; i < 30; i++) {
      expect(await replicas()).toBe(CEILING);
      await wait(1_000);
    }
  });
});

const started = Date.now();

/** Ten requests a second to each pod of chat, of which every one takes so long. */
function exposition(latencySeconds: number) {
  const { name, buckets = [] } = httpRequestDuration;
  return (job: string) => {
    if (job !== 'chat') return undefined;
    const count = (Date.now() - started) / 100;
    const labels = 'method="POST",endpoint="/api/chat"';
    const lines = [...buckets, '+Inf'].map((le) => {
      const below = typeof le === 'string' || le >= latencySeconds ? count : 0;
      return `${name}_bucket{${labels},le="${le}"} ${below}`;
    });
    return [`# TYPE ${name} histogram`, ...lines, `${name}_count{${labels}} ${count}`, ''].join('\n');
  };
}
