import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baselineQueries, sampleQueries } from '../../app/canary/queries.js';
import {
  canaryFloor,
  canaryPolicy,
  chat,
  gateway,
  httpRequestDuration,
  httpRequests,
  rabbitmq,
  services,
  taskBacklog,
  tasks,
} from '../../contract/index.js';
import { FITTED_SERIES } from '../../sim/fit/counted.js';
import { fitAssumptions } from '../../sim/fit/fit-assumptions.js';
import { DEFAULT_ASSUMPTIONS } from '../../sim/model/assumptions.js';
import { releasedEnvironments, shippedEnvironments } from './environments.js';
import { AppReplicas, type Round } from './live/app-replicas.js';
import { type AskedExpression, askedExpressions } from './live/asked-expressions.js';
import { Broker } from './live/broker.js';
import { type DiscoveredPod, discoveredPods } from './live/discovered-pods.js';
import { LivePrometheus, type LiveValue } from './live/live-prometheus.js';
import { SEEN_ELSEWHERE } from './live/seen-elsewhere.js';
import { unfiltered } from './live/unfiltered.js';

const REPLICAS = 2;

const environments = [...shippedEnvironments(), ...releasedEnvironments()];
const [production] = environments.filter(({ name }) => name === 'production');
const { objects = [], namespace = '' } = production ?? {};

/** Whose metrics are scraped here; what is asked of others is asked where they run. */
const RUNNING: readonly string[] = [...Object.keys(services), rabbitmq.name];
const isHere = ({ expr }: AskedExpression) =>
  [...expr.matchAll(/\bjob="([^"]+)"/g)].every(([, job = '']) => RUNNING.includes(job));

const asked = new Map(
  environments.flatMap((one) => askedExpressions(one.objects)).map((one) => [one.by + one.expr, one]),
);
const by = (...askers: readonly AskedExpression['by'][]) =>
  [...asked.values()].filter((one) => askers.includes(one.by) && isHere(one));
const scaling = by('HPA', 'ScaledObject');
const recorded = by('recording rule', 'dashboard');
const alerts = by('alert');

let app: AppReplicas;
let broker: Broker;
let pods: readonly DiscoveredPod[];
let prometheus: LivePrometheus;

beforeAll(async () => {
  app = await AppReplicas.start(REPLICAS);
  broker = await Broker.start(objects);
  pods = discoveredPods(objects, REPLICAS, (pod, port) => {
    const isBroker = pod.workload === rabbitmq.name && pod.index === 0 && port === rabbitmq.metricsPort;
    return isBroker ? broker.metricsAddress : app.addressOf(pod, port);
  });
  prometheus = await LivePrometheus.start(objects, pods);
  // A rate wants two scrapes; rules are evaluated after them.
  await prometheus.until(async () => {
    const scrapes = await prometheus.ask('count_over_time(up[1h])');
    return scrapes.length >= pods.length && scrapes.every(({ value }) => value >= 4);
  });
});
afterAll(async () => {
  await prometheus?.stop();
  await broker?.stop();
  await app?.stop();
});

test('production’s own jobs find every pod that runs, once, and say where it stands', async () => {
  const found = (await prometheus.ask('up')).map(({ labels, value }) => ({
    job: labels.job,
    namespace: labels.namespace,
    pod: labels.pod,
    value,
  }));
  const expected = pods.map(({ name: pod, labels }) => ({
    job: labels['app.kubernetes.io/name'],
    namespace,
    pod,
    value: 1,
  }));
  expect(sorted(found)).toEqual(sorted(expected));
  // Two of each process, two of the release on trial, and the broker.
  expect(pods).toHaveLength(REPLICAS * (Object.keys(services).length + 1) + 1);
});

test('of all that is asked, only alerts of what does not run here are left to other suites', () => {
  const left = [...asked.values()].filter((one) => !isHere(one)).map((one) => `${one.by} ${one.name}`);
  const elsewhere = Object.values(SEEN_ELSEWHERE).flat();
  expect(sorted([...new Set(left)])).toEqual(sorted(elsewhere.map((name) => `alert ${name}`)));
  expect(new Set(scaling.map((one) => one.by))).toEqual(new Set(['HPA', 'ScaledObject']));
});

describe('without a request', () => {
  test.each(scaling)('an autoscaler reads 0: $by $name', async (one) => {
    expect(await prometheus.ask(one.expr)).toEqual(podsOf(one).map((labels) => ({ labels, value: 0 })));
  });

  test.each(canary())('the canary controller reads 0: $name', async ({ expr }) => {
    expect(await prometheus.ask(expr)).toEqual([{ labels: {}, value: 0 }]);
  });

  test.each(alerts)('an alert is silent: $name', async ({ expr }) => expect(await prometheus.ask(expr)).toEqual([]));

  test.each(recorded)('there are numbers, 0 or more: $by $name', async ({ name, expr }) => {
    const values = await prometheus.ask(expr);
    // A line for each value of a label, of which the first request brings the first.
    if (values.length > 0 || !name.includes('{{')) expect(problems(values)).toEqual([]);
  });

  test('what is not total is found: NaN of a quantile, nothing of a rate', async () => {
    const quantile = `histogram_quantile(0.99, sum by (le) (rate(${httpRequestDuration.name}_bucket[75s])))`;
    expect(problems(await prometheus.ask(`${quantile} or vector(NaN)`))).not.toEqual([]);
    expect(problems(await prometheus.ask(`rate(${httpRequestDuration.name}_milliseconds_count[75s])`))).not.toEqual([]);
  });
});

describe('under load', () => {
  const rounds: Round[] = [];
  /** In seconds since 1970: from then on there is every series, and more is asked. */
  let seenSince = 0;
  const perPod = scaling.filter(({ perPodOf }) => perPodOf !== undefined);
  const shared = scaling.filter(({ perPodOf }) => perPodOf === undefined);
  const WAITING = 9;
  const isBacklog = ({ name }: { readonly name: string }) => name.includes(taskBacklog.name) || name === 'worker';

  /** Of a release, and none is under way. */
  const isFloor = ({ expr }: AskedExpression) => expr.includes(canaryFloor.name);
  const loaded = scaling.filter((one) => !isFloor(one));

  beforeAll(async () => {
    const messages = WAITING / tasks.queues.length;
    for (const { priority } of tasks.queues)
      await broker.publish({ exchange: tasks.exchange, routingKey: priority, messages });
    await broker.publish({ exchange: '', routingKey: tasks.deadLetterQueue, messages: 2 });
    // A series that begins between two scrapes has no rate yet: asked until Prometheus has seen it grow everywhere.
    await prometheus.until(async () => {
      rounds.push(await app.load());
      const seen = await Promise.all(loaded.map(({ expr }) => prometheus.ask(expr)));
      return seen.flat().every(({ value }) => value > 0);
    });
    // The broker tells of each queue in its own time: the last of them has come when the sum no longer grows.
    await prometheus.until(async () => {
      const sums = await Promise.all(shared.filter(isBacklog).map(({ expr }) => prometheus.ask(expr)));
      return sums.flat().every(({ value }) => value >= WAITING);
    });
    seenSince = Math.ceil(Date.now() / 1000);
    await app.breakTasks(canaryPolicy.canaryVersion, 0);
    await prometheus.until(async () => {
      await app.load();
      const seen = (await Promise.all(canary().map(({ expr }) => prometheus.ask(expr)))).flat();
      // What is recorded is asked for by whole seconds: two of them lie between the moments, and the scrapes of each.
      return seen.every(({ value }) => value > 0) && Date.now() / 1000 >= seenSince + 2;
    });
  });

  test('the app answers', () => {
    expect(new Set(rounds.flatMap(({ statuses }) => statuses))).toEqual(new Set([200, 202]));
  });

  test.each(perPod)('each pod has a latency, in seconds: $by $name', async (one) => {
    const latencies = await prometheus.ask(one.expr);
    expect(latencies.map(({ labels }) => labels)).toEqual(podsOf(one));
    for (const { value } of latencies) expect(isPlausible(value, rounds)).toBe(true);
    expect(isPlausible(1000 * (latencies[0]?.value ?? 0), rounds)).toBe(false);
  });

  test.each(shared)('there is one number: $by $name', async (one) => {
    const [only, ...more] = await prometheus.ask(one.expr);
    expect(more).toEqual([]);
    if (isBacklog(one)) expect(only?.value).toBe(WAITING);
    else if (isFloor(one)) expect(only?.value).toBe(0);
    else expect(only?.value).toBeGreaterThan(0);
  });

  test.each(canary())('the canary controller has a number: $name', async ({ expr }) => {
    const [only, ...more] = await prometheus.ask(expr);
    expect(more).toEqual([]);
    expect(only?.value).toBeGreaterThan(0);
  });

  test.each(alerts)('an alert has something to compare: $name', async ({ expr }) => {
    expect(problems(await prometheus.ask(unfiltered(expr)))).toEqual([]);
  });

  test.each(recorded)('there are numbers, 0 or more: $by $name', async ({ expr }) => {
    const values = await prometheus.ask(expr);
    if (values.length > 0 || !isUnasked(expr)) expect(problems(values)).toEqual([]);
  });

  test('the simulator is fitted from what the kit’s own jobs record: times, processor’s time, model calls', async () => {
    const text = await prometheus.recorded(`{__name__=~"${FITTED_SERIES.join('|')}"}`, seenSince);
    // Each pod here is a platform of its own, in one process.
    const { works, models } = fitAssumptions([{ source: 'prometheus', text }], { oneProcess: true });
    expect(sorted(works.map(({ work }) => work))).toEqual(sorted(Object.keys(DEFAULT_ASSUMPTIONS.services)));
    for (const { cpuMs = 0 } of works) expect(cpuMs).toBeGreaterThan(0);
    expect(works.filter(({ ioMs }) => ioMs === undefined).map(({ work }) => work)).toEqual([gateway.name]);
    expect(models).toEqual([expect.objectContaining({ calls: expect.any(Number) })]);
  });

  test('every rule is evaluated without an error', async () => expect(await prometheus.failedRules()).toEqual([]));
});

/** What the canary controller asks of the release on trial. */
function canary(): readonly { readonly name: string; readonly expr: string }[] {
  const baseline = baselineQueries(chat.name, canaryPolicy);
  // Nearly every request is slower than a hundredth of a millisecond.
  const sample = sampleQueries(chat.name, canaryPolicy.checkSeconds, 1e-5, canaryPolicy);
  return Object.entries({ ...baseline, ...sample }).map(([name, expr]) => ({ name, expr: expr ?? '' }));
}

/** Worker and canary controller answer probes and scrapes alone: there is no request of theirs to show. */
function isUnasked(expr: string): boolean {
  const { worker, canary: controller } = services;
  return expr.includes(httpRequests.name) && [worker, controller].some(({ name }) => expr.includes(`job="${name}"`));
}

/** Labels of the values that an expression must give. */
function podsOf({ by: asker, perPodOf }: AskedExpression): readonly Record<string, string>[] {
  if (perPodOf === undefined) return [asker === 'HPA' ? { namespace } : {}];
  return Array.from({ length: REPLICAS }, (_, i) => ({ namespace, pod: `${perPodOf}-${i}` }));
}

/** What is wrong with an answer that should be numbers from 0 on. */
function problems(values: readonly LiveValue[]): readonly string[] {
  if (values.length === 0) return ['there is no value'];
  return values.filter(({ value }) => !(value >= 0 && value < Infinity)).map((one) => JSON.stringify(one));
}

/** No request took longer than its client waited, but buckets have bounds: up to the one behind it. */
function isPlausible(seconds: number, rounds: readonly Round[]): boolean {
  const slowest = Math.max(...rounds.map(({ slowestSeconds }) => slowestSeconds));
  const bound = httpRequestDuration.buckets.find((edge) => edge >= slowest) ?? Infinity;
  return seconds > 0 && seconds <= bound;
}

function sorted<T>(values: readonly T[]): readonly T[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
