import type { Server } from 'node:https';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canaryPolicy, metricsAdapter, worker } from '../../contract/index.js';
import { at, type Manifest } from '../support/cluster.js';
import { applyByKubectl } from './apply-by-kubectl.js';
import { ScaledRelease } from './canary/scaled-release.js';
import { Cluster } from './cluster.js';
import { render } from './environments.js';
import { eventually } from './eventually.js';
import type { Program } from './program.js';
import { constant, fileOf, promtool, rulesOf, type Series } from './promtool.js';
import { startAdapter } from './running-adapter.js';
import { RunningPrometheus } from './running-prometheus.js';
import {
  BACKLOG,
  BEARING,
  behavior,
  CEILING,
  FLOOR,
  LOST,
  nodePools,
  RATE,
  RELEASED,
  ScaledEnvironment,
  SEEN,
} from './scaled-environment.js';
import { ScalingHistory, type Step, stepsBeyond } from './scaling-history.js';
import { definitionsOf } from './tools.js';
import { startUsageServer } from './usage-server.js';

const environment = render('scaling', ScaledEnvironment);
const { objects, namespace } = environment;
const autoscalers = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
/** Deployments, autoscalers and routes of both slots; the whole environment is applied in mid-release in the suite `canary`. */
const releasedObjects = objects.filter(({ metadata }) => nameLabelOf(metadata) === RELEASED);
const [HOLDS = '', TO_FLOOR = '', TO_CEILING = ''] = LOST;

let cluster: Cluster;
let usage: Server;
let prometheus: RunningPrometheus;
let adapter: Program;
const history = new ScalingHistory();

// One scenario in its steps: each test begins where the one before it has ended.
beforeAll(async () => {
  cluster = await Cluster.start(nodePools);
  const { server } = cluster;
  usage = await startUsageServer(cluster);
  await server.define([
    ...definitionsOf(objects),
    ...objects.filter(({ kind }) => kind === 'CustomResourceDefinition'),
  ]);
  await cluster.provision(objects);
  await server.applyAll(objects);
  server.watch(`/apis/apps/v1/namespaces/${namespace}/deployments`, history.record);
  await reach(
    Object.fromEntries(autoscalers.map(({ metadata, spec }) => [metadata.name, Number(at(spec, 'minReplicas'))])),
  );
  prometheus = await RunningPrometheus.start(cluster, environment);
  adapter = await startAdapter(cluster, environment, prometheus.url);
});

afterAll(async () => {
  await cluster?.stop();
  await prometheus?.stop();
  usage?.closeAllConnections();
  usage?.close();
});

test('every autoscaler reads all its metrics while there is no traffic, and none moves', async () => {
  await eventually(async () => (await blind()).map(({ name, why }) => `${name}: ${why}`));
  expect(autoscalers.map(({ metadata }) => history.since(metadata.name, Date.now())[0]?.replicas)).toEqual(
    autoscalers.map(({ spec }) => at(spec, 'minReplicas')),
  );
});

test('replicas rise to what the load asks for, by steps within the behaviour', async () => {
  const began = Date.now();
  // So few that one more or less would be beyond the autoscaler's tolerance, which is a tenth.
  prometheus.load.rates.set(SEEN, 6 * RATE);
  for (const name of LOST) prometheus.load.rates.set(name, 4 * RATE);
  prometheus.load.backlog = 6 * BACKLOG;
  await reach({ [SEEN]: 6, ...Object.fromEntries(LOST.map((name) => [name, 4])), [worker.name]: 6 });
  for (const name of [SEEN, worker.name]) {
    const steps = history.since(name, began);
    expect(steps.length).toBeGreaterThan(3);
    expect(stepsBeyond(steps, behavior)).toEqual([]);
  }
});

let lostAtMs: number;

test('replicas fall when the load has gone, after the calm that the behaviour asks for and by its steps', async () => {
  lostAtMs = Date.now();
  // The other tests' part, which takes longest: from here on the pods of these give no metrics.
  for (const name of LOST) prometheus.load.lost.add(name);
  prometheus.load.rates.set(SEEN, 0);
  prometheus.load.backlog = 0;
  await reach({ [SEEN]: FLOOR, [worker.name]: FLOOR });
  for (const name of [SEEN, worker.name]) {
    const steps = history.since(name, lostAtMs);
    expect(steps.length).toBeGreaterThan(4);
    expect(stepsBeyond(steps, behavior)).toEqual([]);
    expect(secondsTo(steps)).toBeGreaterThan(behavior.scaleDown.stabilizationSeconds);
  }
});

test('a series that is gone for a minute makes replicas do what was declared for that', async () => {
  prometheus.load.rates.set(SEEN, 4 * RATE);
  await reach({ [TO_FLOOR]: FLOOR, [TO_CEILING]: CEILING, [SEEN]: 4 });
  expect(history.since(HOLDS, lostAtMs).map(({ replicas }) => replicas)).toEqual([4]);
  for (const name of [TO_FLOOR, TO_CEILING]) {
    const steps = history.since(name, lostAtMs);
    expect(stepsBeyond(steps, behavior)).toEqual([]);
    expect(secondsTo(steps)).toBeGreaterThan(55);
  }
  expect((await blind()).map(({ name }) => name)).toEqual([HOLDS]);
  const lost = (await prometheus.firing()).filter(({ alertname }) => alertname === 'ScalingMetricLost');
  expect(lost.map(({ job }) => job).sort()).toEqual([...LOST].sort());
});

test('in a release the canary has its share of the pods that bear all traffic before that traffic comes; neither an apply nor a rollout of the stable slot changes how many', async () => {
  const began = Date.now();
  const slot = `${RELEASED}-${canaryPolicy.canaryVersion}`;
  const release = await ScaledRelease.start(cluster, environment, prometheus);
  try {
    await release.isAt(5);
    await release.approve();
    await release.isAt(50);
    // Not waited for: the share came when they were there.
    expect(
      await cluster.unready(
        namespace,
        new Map([
          [RELEASED, BEARING],
          [slot, BEARING / 2],
        ]),
      ),
    ).toEqual([]);
    const before = await release.status();
    await applyByKubectl(cluster.server, releasedObjects, '--server-side', '--field-manager=armature');
    await applyByKubectl(cluster.server, releasedObjects);
    expect(await release.status()).toMatchObject({
      phase: 'Progressing',
      percent: 50,
      canaryRevision: before?.canaryRevision,
    });
    await release.approve();
    await release.isAt(100);
    expect(
      await cluster.unready(
        namespace,
        new Map([
          [RELEASED, BEARING],
          [slot, BEARING],
        ]),
      ),
    ).toEqual([]);
    const steps = history.since(slot, began);
    expect(stepsBeyond(steps, behavior)).toEqual([]);
    const replicas = steps.map((step) => step.replicas);
    expect(replicas).toEqual([...replicas].sort((a, b) => a - b));
    expect([replicas[0], replicas.includes(BEARING / 2)]).toEqual([FLOOR, true]);

    const rolledAtMs = Date.now();
    await release.rollStable();
    await release.isAt(5);
    await reach({ [RELEASED]: BEARING });
    expect(history.since(RELEASED, rolledAtMs).map((step) => step.replicas)).toEqual([BEARING]);
    expect(await release.status()).toMatchObject({ bearingReplicas: BEARING });
  } finally {
    await release.stop();
  }
});

test('replicas hold when nobody serves metrics, whatever was declared and whatever there is to do, and an alert fires', async () => {
  expect((await prometheus.firing()).map(({ alertname }) => alertname)).not.toContain('MetricsApiDown');
  const goneAtMs = Date.now();
  await adapter.stop();
  // Less for the one, more for the other, and the lost ones are back with nothing to do.
  prometheus.load.rates.clear();
  prometheus.load.lost.clear();
  prometheus.load.backlog = CEILING * BACKLOG;
  await eventually(async () => {
    const alerts = (await prometheus.firing()).map(({ alertname }) => alertname);
    return alerts.includes('MetricsApiDown') ? [] : ['MetricsApiDown does not fire'];
  });
  const scaledByPrometheus = [SEEN, ...LOST, worker.name];
  expect((await blind()).map(({ name }) => name)).toEqual(expect.arrayContaining(scaledByPrometheus));
  expect(scaledByPrometheus.map((name) => history.since(name, goneAtMs).map(({ replicas }) => replicas))).toEqual([
    [4],
    [4],
    [FLOOR],
    [CEILING],
    [FLOOR],
  ]);
});

// The Prometheus above does not wait for as long as this one does.
test.each([
  ['299s', []],
  ['301s', [{ labels: '{}', value: 1 }]],
])('in a cluster that alert waits for five minutes: after %s it is %p', (evalTime, samples) => {
  const series: Series = { [`up{namespace="${namespace}",job="${metricsAdapter.name}",pod="a"}`]: constant(0) };
  const expr = 'count(ALERTS{alertname="MetricsApiDown",alertstate="firing"})';
  const question = { rules: fileOf('rules.yaml', rulesOf(environment)), series, expr, evalTime, intervalSeconds: 1 };
  expect(promtool(question, samples)).toBe('');
});

test('steps that go further than the behaviour allows do not pass for its own', () => {
  const steps = (...replicas: number[]) => replicas.map((one, i) => ({ atMs: i * 5_000, replicas: one }));
  expect(stepsBeyond(steps(2, 3, 5, 8, 12), behavior)).toEqual([]);
  expect(stepsBeyond(steps(2, 4), behavior)).toEqual(['from 2 to 4 within 5 s, where 3 is the limit']);
  expect(stepsBeyond(steps(6, 5, 4), behavior)).toEqual([]);
  expect(stepsBeyond(steps(6, 4), behavior)).toEqual(['from 6 to 4 within 5 s, where 5 is the limit']);
});

function nameLabelOf({ labels }: Manifest['metadata']): string | undefined {
  return labels?.['app.kubernetes.io/name'];
}

async function reach(wanted: Readonly<Record<string, number>>): Promise<void> {
  await eventually(() => cluster.unready(namespace, new Map(Object.entries(wanted))));
}

/** The autoscalers that cannot compute replicas, and why. */
async function blind(): Promise<readonly { readonly name: string; readonly why: string }[]> {
  const all = await cluster.list(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`);
  return all.flatMap(({ metadata: { name }, status }: Manifest) => {
    const conditions = (at(status, 'conditions') ?? []) as { type: string; status: string; message: string }[];
    const active = conditions.find(({ type }) => type === 'ScalingActive');
    return active?.status === 'True' ? [] : [{ name, why: active?.message ?? 'has not been looked at' }];
  });
}

/** From the beginning of the loss to the first step after it. */
function secondsTo([, first]: readonly Step[]): number {
  return ((first?.atMs ?? 0) - lostAtMs) / 1000;
}
