import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  alertmanager,
  backups,
  cronJobMade,
  cronJobScheduled,
  cronJobSucceeded,
  kubeStateMetrics,
  otelCollector,
  spansLost,
} from '../../contract/index.js';
import { rateOf } from '../../contract/vocabulary/index.js';
import { find, type Manifest } from '../support/cluster.js';
import { ControlPlane } from './control-plane.js';
import { releasedEnvironments } from './environments.js';
import { kitsArguments } from './kits-arguments.js';
import { askedExpressions } from './live/asked-expressions.js';
import { discoveredPods, type PodOf } from './live/discovered-pods.js';
import { LivePrometheus } from './live/live-prometheus.js';
import { ReceivingServer } from './live/receiving-server.js';
import { startAlertmanager } from './live/running-alertmanager.js';
import { RunningCollector } from './live/running-collector.js';
import { SEEN_ELSEWHERE } from './live/seen-elsewhere.js';
import { unfiltered } from './live/unfiltered.js';
import { freePorts, type Program } from './program.js';

const [environment] = releasedEnvironments().filter(({ name }) => name === 'production-in-cluster');
const { objects = [], namespace = '' } = environment ?? {};
const alerts = askedExpressions(objects).filter(({ by, name }) => by === 'alert' && isSeenHere(name));
/** Of one CronJob, where the alert is about one. */
const exprOf = (alert: string, cronjob?: string) => {
  const about = (expr: string) => cronjob === undefined || expr.includes(`cronjob="${cronjob}"`);
  const [only, ...more] = alerts.filter(({ name, expr }) => name === alert && about(expr));
  if (only === undefined || more.length > 0) throw new Error(`${alerts.length} alerts, and not one is ${alert}.`);
  return only.expr;
};

const TOKEN = 'a-token';
const hoursAgo = (hours: number) => new Date(Math.floor(Date.now() / 1000 - hours * 3600) * 1000);

/** What the API server is told of each backup, how many hours ago, and what is to be said of it. */
const HISTORY = {
  [backups.postgres.name]: { scheduled: 4, succeeded: 3.9, alerts: [] },
  [backups.redis.name]: { scheduled: 1, succeeded: 25, alerts: [] },
  [backups.qdrant.name]: { scheduled: 3, succeeded: 25, alerts: ['BackupFailed'] },
  [backups.rabbitmq.name]: { scheduled: 3, succeeded: 27, alerts: ['BackupFailed', 'BackupOverdue'] },
  [backups.objectStore.name]: { scheduled: 3, succeeded: undefined, alerts: ['BackupFailed'] },
} as const;

const folder = mkdtempSync(join(tmpdir(), 'armature-alerts-'));
const programs: Program[] = [];
/** Who is told of alerts, the tracing back end that is well until it is told otherwise, and one that never answers. */
const answers: { receiver: { status: number }; backend: { status: number } } = {
  receiver: { status: 200 },
  backend: { status: 200 },
};
let receiver: ReceivingServer;
let backend: ReceivingServer;
let silent: ReceivingServer;
let server: ControlPlane;
let collectors: readonly RunningCollector[];
let prometheus: LivePrometheus;

beforeAll(async () => {
  receiver = await ReceivingServer.start(answers.receiver);
  backend = await ReceivingServer.start(answers.backend);
  silent = await ReceivingServer.start({});
  for (const [path, value] of [
    ['tracing/token', TOKEN],
    ['alert-receivers/critical-url', `${receiver.url}/critical`],
    ['alert-receivers/warning-url', `${receiver.url}/warning`],
  ] as const) {
    mkdirSync(join(folder, 'secrets', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'secrets', path), value);
  }
  const collector = (id: string, backend: ReceivingServer, more?: object) =>
    RunningCollector.start(objects, { folder, id, backend: backend.url, ...(more && { more }) });
  collectors = [
    await collector('collector', backend),
    await collector('without-room', silent, {
      exporters: { otlphttp: { sending_queue: { queue_size: 1, num_consumers: 1 } } },
    }),
    await collector('without-memory', backend, {
      processors: {
        memory_limiter: { limit_percentage: 0, spike_limit_percentage: 0, limit_mib: 2, spike_limit_mib: 1 },
      },
    }),
  ];
  const { program, address } = await startAlertmanager(objects, folder);
  programs.push(program, ...collectors.map((one) => one.program));
  const reporterAddress = await startReporter();
  const addressOf = ({ workload, index }: PodOf, port: number) => {
    if (workload === otelCollector.name && port === otelCollector.metricsPort) return collectors[index]?.metricsAddress;
    if (index > 0) return undefined;
    if (workload === alertmanager.name && port === alertmanager.port) return address;
    return workload === kubeStateMetrics.name && port === kubeStateMetrics.port ? reporterAddress : undefined;
  };
  prometheus = await LivePrometheus.start(objects, discoveredPods(objects, collectors.length, addressOf), address);
});

afterAll(async () => {
  await prometheus?.stop();
  for (const program of programs) await program.stop();
  await server?.stop();
  for (const one of [receiver, backend, silent]) await one?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A kube-apiserver with the CronJobs as they were applied, and kube-state-metrics before it with its own account's rights. */
async function startReporter(): Promise<string> {
  server = await ControlPlane.start();
  const { name } = kubeStateMetrics;
  const rights = ['ServiceAccount', 'Role', 'RoleBinding'].map((kind) => find(objects, kind, name));
  await server.applyAll([find(objects, 'Namespace', namespace), ...rights, ...cronJobs()]);
  const [port = 0, own = 0] = await freePorts(2);
  const program = server.run(
    name,
    kitsArguments(objects, 'Deployment', name, {
      ...{ port: String(port), host: '127.0.0.1', 'telemetry-port': String(own), 'telemetry-host': '127.0.0.1' },
      kubeconfig: server.kubeconfig(name, await server.tokenOfAccount(namespace, name)),
    }),
  );
  await program.until(async () => (await fetch(`http://127.0.0.1:${own}/readyz`)).ok);
  return `127.0.0.1:${port}`;
}

function cronJobs(): readonly Manifest[] {
  return objects.filter(({ kind, metadata }) => kind === 'CronJob' && metadata.name in HISTORY);
}

test('every alert that other suites leave to this one is asked here', () => {
  expect([...new Set(alerts.map(({ name }) => name))].sort()).toEqual([...SEEN_ELSEWHERE['live-alerts']]);
  expect(
    cronJobs()
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(Object.keys(HISTORY).sort());
});

describe('a backup', () => {
  test('that is new and has not run is no reason for an alert', async () => {
    await prometheus.until(async () => (await prometheus.ask(cronJobMade.name)).length === cronJobs().length);
    for (const cronjob of Object.keys(HISTORY)) expect(await raised(cronjob)).toEqual([]);
  });

  describe('of whose last runs, so many hours ago, the API server knows', () => {
    beforeAll(async () => {
      for (const cronJob of cronJobs()) {
        const { scheduled, succeeded } = HISTORY[cronJob.metadata.name as keyof typeof HISTORY];
        const status = {
          lastScheduleTime: hoursAgo(scheduled),
          ...(succeeded !== undefined && { lastSuccessfulTime: hoursAgo(succeeded) }),
        };
        expect((await server.patch(cronJob, { status }, '/status')).status).toBe(200);
      }
      const told = async (name: string) => (await prometheus.ask(name)).length;
      await prometheus.until(
        async () =>
          (await told(cronJobScheduled.name)) === cronJobs().length &&
          (await told(cronJobSucceeded.name)) === cronJobs().length - 1,
      );
    });

    test.each(Object.entries(HISTORY))('as %s: %j', async (cronjob, history) => {
      expect(await raised(cronjob)).toEqual(history.alerts);
    });
  });

  test('that is overdue is told to the receiver of critical alerts, one that failed to the other', async () => {
    await prometheus.until(async () => isTold('/critical', 'BackupOverdue') && isTold('/warning', 'BackupFailed'));
    expect(isTold('/warning', 'BackupOverdue')).toBe(false);
    expect(isTold('/critical', 'BackupFailed')).toBe(false);
  });
});

describe('spans', () => {
  const [well, withoutRoom, withoutMemory] = [0, 1, 2].map((i) => () => collectors[i] as RunningCollector);
  const [unsent, unqueued, refused] = spansLost;
  const isLost = async (metric: (typeof spansLost)[number]) => {
    const rate = rateOf(metric, { matchers: { namespace, job: otelCollector.name }, by: ['pod'], windowSeconds: 900 });
    return (await prometheus.ask(`${rate} > 0`)).map(({ labels }) => labels.pod);
  };
  const losing = async (collector: RunningCollector, metric: (typeof spansLost)[number]) => {
    await prometheus.until(async () => {
      await collector.send();
      return (await isLost(metric)).length > 0;
    });
    return isLost(metric);
  };

  test('reach the back end with its token, and no alert is raised', async () => {
    expect(await well?.().send()).toBe(200);
    await prometheus.until(async () => backend.received.length > 0);
    expect(backend.received[0]).toMatchObject({ path: '/v1/traces', authorization: `Bearer ${TOKEN}` });
    const expr = exprOf('SpansLost');
    await prometheus.until(async () => (await prometheus.ask(unfiltered(expr))).length > 0);
    expect(await prometheus.ask(unfiltered(expr))).toEqual([{ labels: { job: otelCollector.name }, value: 0 }]);
    expect(await prometheus.ask(expr)).toEqual([]);
  });

  test('that the back end refuses raise it', async () => {
    answers.backend.status = 401;
    expect(await losing(well?.() as RunningCollector, unsent)).toEqual([`${otelCollector.name}-0`]);
    const [only, ...more] = await prometheus.ask(exprOf('SpansLost'));
    expect([only?.labels, more]).toEqual([{ job: otelCollector.name }, []]);
    expect(only?.value).toBeGreaterThan(0);
    await prometheus.until(async () => isTold('/warning', 'SpansLost'));
  });

  test('that find the queue full, or no memory, are counted as the alert asks', async () => {
    expect(await losing(withoutRoom?.() as RunningCollector, unqueued)).toEqual([`${otelCollector.name}-1`]);
    expect(await losing(withoutMemory?.() as RunningCollector, refused)).toEqual([`${otelCollector.name}-2`]);
    expect(exprOf('SpansLost').split(' or ')).toHaveLength(3);
  });
});

describe('an alert', () => {
  const expr = exprOf('AlertsUndelivered');

  test('that its receiver takes raises no other', async () => {
    expect(await prometheus.ask(unfiltered(expr))).toContainEqual({
      labels: { job: alertmanager.name, integration: 'webhook' },
      value: 0,
    });
    expect(await prometheus.ask(expr)).toEqual([]);
  });

  test('that nobody takes raises one: the CronJob of a backup is gone, and the receiver too', async () => {
    await receiver.stop();
    expect((await server.delete(find(objects, 'CronJob', backups.postgres.name))).status).toBe(200);
    await prometheus.until(async () => (await raised(backups.postgres.name)).includes('BackupOverdue'));
    await prometheus.until(async () => (await prometheus.ask(expr)).length > 0);
    const [only, ...more] = await prometheus.ask(expr);
    expect([only?.labels, more]).toEqual([{ job: alertmanager.name, integration: 'webhook' }, []]);
  });
});

/** The alerts about a CronJob whose expression has a value now. */
async function raised(cronjob: string): Promise<readonly string[]> {
  const values = await Promise.all(
    ['BackupFailed', 'BackupOverdue'].map(async (name) => ({ name, of: await prometheus.ask(exprOf(name, cronjob)) })),
  );
  return values.filter(({ of }) => of.length > 0).map(({ name }) => name);
}

function isTold(path: string, alert: string): boolean {
  return receiver.received.some((one) => one.path === path && one.body.includes(`"alertname":"${alert}"`));
}

function isSeenHere(alert: string): boolean {
  return SEEN_ELSEWHERE['live-alerts'].some((name) => name === alert);
}
