/** A chain of time limits that cannot hold is refused by the construct that breaks it. */
import { describe, expect, test } from '@jest/globals';
import { requestPath } from '../contract/vocabulary/index.js';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../test/support/cluster.js';
import { image, jobs, mailbox, resources, translator, translatorProps } from '../test/support/own-contract.js';
import {
  Backups,
  CanaryRelease,
  LlmService,
  LlmWorker,
  Mesh,
  PublicIngress,
  RabbitMq,
  type RabbitMqChoice,
} from './index.js';

const platform = testPlatform({ mesh: Mesh.sidecar({ cni: true }) });
/** 50 s at the client, 48 s at the gateway, 46 s for a route, 44 s for an answer. */
const path = requestPath({ clientMs: 50_000, hopMs: 2_000, serviceCallMs: 10_000 });
const password = { secret: 'mailbox', key: 'password' };
const cidrs = ['10.7.0.0/16'];

function service(own: object = {}, chart = emptyChart()) {
  return new LlmService(chart, 'translator', {
    ...translatorProps,
    platform,
    drainSeconds: 50,
    requestPath: path,
    ...own,
  });
}

function route(timeoutMs: number) {
  const chart = emptyChart();
  const stable = service({}, chart);
  const canary = stable.addRelease({ ...translatorProps, version: 'v2' });
  const bounds = { timeoutMs, idleTimeoutSeconds: 60, requestPath: path };
  return new CanaryRelease(chart, 'route', { service: stable, canary, ...bounds });
}

function entrance(timeoutMs: number) {
  return new PublicIngress(emptyChart(), 'ingress', {
    platform,
    service: translator,
    paths: ['/'],
    timeoutMs,
    idleTimeoutSeconds: 60,
    requestPath: path,
    ingress: PublicIngress.gateway({ host: 'words.example.org', clusterIssuer: 'issuer' }),
  });
}

function worker(drainSeconds: number, consumerTimeoutSeconds: number) {
  return new LlmWorker(emptyChart(), 'worker', {
    ...translatorProps,
    platform,
    drainSeconds,
    consumes: { tasks: [jobs], consumerTimeoutSeconds },
  });
}

function broker(choice: object, topology = jobs) {
  const chart = emptyChart();
  const backups = Backups.none('a test');
  const common = { storage: '1Gi', resources, backups, password, erlangCookie: password, replicas: 1 } as const;
  const built = new RabbitMq(chart, 'mailbox', {
    platform,
    spec: mailbox,
    image,
    user: 'clerk',
    topologies: [topology],
    peerDiscoveryPort: 7110,
    distributionPort: 7111,
    choice: 'kind' in choice ? (choice as RabbitMqChoice) : { ...RabbitMq.inCluster(common), ...choice },
  });
  return { built, chart };
}

describe('the path of a request', () => {
  test('holds as the budget spends it', () => {
    expect(() => [service(), route(path.routeMs), entrance(path.gatewayMs)]).not.toThrow();
  });

  test.each([
    [
      'an answer that outlasts the route to it',
      () => service({ longestAnswerMs: 46_000 }),
      "test/translator: the route's timeout (46 s) must be longer than the service's longest answer (46 s). Fix: raise routeMs above 46 s, or lower longestAnswerMs below 46 s.",
    ],
    [
      'pods that are ended in the middle of an answer',
      () => service({ drainSeconds: 30 }),
      "test/translator: the time to drain (30 s) must be longer than the service's longest answer (44 s). Fix: raise drainSeconds above 44 s",
    ],
    ['a route that outlasts the gateway', () => route(60_000), "test/route: the gateway's timeout (48 s)"],
    [
      'a route that ends before the service',
      () => route(1_500),
      "test/route: the route's timeout (1.5 s) must be longer than the service's longest answer (44 s)",
    ],
    ['an entrance that outlasts the client', () => entrance(90_000), "test/ingress: the client's patience (50 s)"],
    [
      'an entrance that ends before the route',
      () => entrance(30_000),
      "test/ingress: the gateway's timeout (30 s) must be longer than the route's timeout (46 s). Fix: raise timeoutMs above 46 s",
    ],
  ])('is refused for %s', (_, build, message) => expect(build).toThrow(message));
});

describe('the path of a task', () => {
  test('holds from the broker to the model call', () => {
    expect(() => worker(jobs.hardLimitSeconds, 300)).not.toThrow();
  });

  test.each([
    [
      'a worker that is ended in the middle of a task',
      () => worker(10, 300),
      "test/worker: the worker's grace period (15 s) must be longer than the hard limit of jobs (20 s). Fix: raise drainSeconds above 20 s, or lower hardLimitSeconds below 15 s.",
    ],
    [
      'a broker that takes back what a draining worker still does',
      () => worker(300, 300),
      "test/worker: the broker's consumer timeout (300 s) must be longer than the worker's grace period (305 s). Fix: raise consumerTimeoutSeconds above 305 s",
    ],
    [
      'a broker in the cluster that waits too short',
      () => broker({ consumerTimeoutSeconds: 60 }, { ...jobs, prefetch: 3 }),
      "test/mailbox: the broker's consumer timeout (60 s) must be longer than a message of jobs in a worker's hands (prefetch 3 x hard limit 20 s) (60 s)",
    ],
    [
      'a managed broker that waits too short, as it does by itself',
      () =>
        broker(RabbitMq.managed({ url: 'amqps://clerk@mq.example.org', cidrs, password }), {
          ...jobs,
          hardLimitSeconds: 3600,
        }),
      "test/mailbox: the broker's consumer timeout (1800 s)",
    ],
  ])('is refused for %s', (_, build, message) => expect(build).toThrow(message));

  test('gives the broker its consumer timeout, in its own unit', () => {
    const { built, chart } = broker({});
    expect(built.consumerTimeoutSeconds).toBe(300);
    const conf = at(find(manifestsIn(chart), 'ConfigMap'), 'data');
    expect(Reflect.get(conf as object, 'rabbitmq.conf')).toContain('\nconsumer_timeout = 300000\n');
  });
});
