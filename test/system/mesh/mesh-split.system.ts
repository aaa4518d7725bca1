import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CanaryReleaseSpec,
  type CanaryReleaseStatus,
  canaryPolicy,
  chat,
  gateway,
  type HttpRoute,
  istioDuration,
  NETWORKING_API,
  orchestrator,
  rag,
} from '../../../contract/index.js';
import { at, find, type Manifest } from '../../support/cluster.js';
import { CanaryWorld } from '../canary/canary-world.js';
import { eventually } from '../eventually.js';
import { binomialInterval } from './binomial-interval.js';
import { Caller } from './caller.js';
import { CallerProxy } from './caller-proxy.js';
import { Istiod } from './istiod.js';
import { podOnLoopback } from './pod-on-loopback.js';
import { PodProxy } from './pod-proxy.js';
import { clusterOf, routeKept, routeStated } from './said-by-envoy.js';

const REQUESTS = 20_000;
const MIRRORED = 5_000;
/** Chance that a split that is as it should be lies outside the interval. */
const ALPHA = 1e-6;
const STEPS = [5, 50, 100];
const CALLED = [chat, rag, orchestrator];
const VERSIONS = ['v1', 'v2'];

let world: CanaryWorld;
let istiod: Istiod;
/** At the pods of each version. */
const called: PodProxy[] = [];
let proxy: CallerProxy;
let caller: Caller;

beforeAll(async () => {
  // A step lasts until it is approved, however long the test measures it.
  world = await CanaryWorld.start({
    stepPercents: STEPS,
    approval: 'manual',
    maxBlindSeconds: 300,
    maxIdleSeconds: 300,
  });
  const { server, environment, pods } = world;
  const service = find(environment.objects, 'Service', chat.name);
  istiod = await Istiod.start(server);
  for (const version of VERSIONS) {
    pods.behave(version, { errorRatio: 0 });
    const deployment = world.deployment(version);
    const pod = await PodProxy.start(server, istiod, deployment, chat, pods.addressOf(version) ?? '');
    called.push(pod);
    await server.applyAll([podOnLoopback(deployment, service, pod.address)]);
  }
  proxy = await CallerProxy.start(server, istiod, environment.namespace, gateway.name, CALLED);
  caller = new Caller(proxy.address, chat);
});
afterAll(async () => {
  await caller?.close();
  for (const one of [proxy, ...called]) await one?.stop();
  await istiod?.stop();
  await world?.stop();
});

test('before a controller has been there, and while it tries nothing, all requests go to the first slot', async () => {
  await proxy.untilItDivides(chat.name, { v1: 100 });
  expect(await caller.send(200)).toEqual({ byVersion: { v1: 200 }, failures: {} });
  await world.control();
  await world.until('it has looked', ({ routedPercent }) => routedPercent === 0);
  expect(await caller.send(200)).toEqual({ byVersion: { v1: 200 }, failures: {} });
});

describe('a release that the controller moves', () => {
  test('begins with 5 % of 20,000 requests, and all of those with the beta header', async () => {
    await world.deploy('v2');
    await isAt(5);
    await expectShare('v2', 0.05);
    const { name, value } = canaryPolicy.betaHeader;
    expect(await caller.send(2_000, { [name]: value })).toEqual({ byVersion: { v2: 2_000 }, failures: {} });
  });

  test('gets 50 % of 20,000, and no request under way fails while the share changes', async () => {
    const during = await caller.sendDuring(async () => {
      await world.armature('approve', chat.name);
      await isAt(50);
    });
    expect(during.failures).toEqual({});
    expect(during.byVersion.v1).toBeGreaterThan(500);
    await expectShare('v2', 0.5);
  });

  test('gets all of them once it is promoted, again without a failure', async () => {
    const during = await caller.sendDuring(async () => {
      await world.armature('approve', chat.name);
      await isAt(100);
      await world.armature('approve', chat.name);
      await world.until('it is promoted', ({ phase, routedPercent }) => phase === 'Promoted' && routedPercent === 0);
      await proxy.untilItDivides(chat.name, { v2: 100 });
    });
    expect(during.failures).toEqual({});
    expect(during.byVersion.v2).toBeGreaterThan(500);
    expect(await caller.send(200)).toEqual({ byVersion: { v2: 200 }, failures: {} });
  });

  test('is taken back for what its pods answered to real requests, and then no request reaches it', async () => {
    world.pods.behave('v1', { errorRatio: 0.5 });
    const during = await caller.sendDuring(async () => {
      await world.deploy('v1');
      await world.until(
        'it is taken back',
        ({ phase, routedPercent }) => phase === 'RolledBack' && routedPercent === 0,
      );
      await proxy.untilItDivides(chat.name, { v2: 100 });
    });
    expect((await world.status())?.reason).toMatch(/^v1 fails too often: /);
    expect(Object.keys(during.failures)).toEqual(['500 by v1']);
    expect(await caller.send(200)).toEqual({ byVersion: { v2: 200 }, failures: {} });
  });
});

describe('requests that are mirrored to a release', () => {
  const percent = 20;

  test('are sent to it as well by Envoy, which lets nobody see its answers', async () => {
    world.pods.behave('v1', { errorRatio: 0 });
    await world.change({ policy: { mirrorPercent: percent } });
    await world.deploy('v1');
    await world.until('it is mirrored', ({ mirrorPercent }) => mirrorPercent === percent);
    await proxy.untilItMirrors(chat.name, { v1: percent });
    const before = world.pods.asked('v1');
    expect(await caller.send(MIRRORED)).toEqual({ byVersion: { v2: MIRRORED }, failures: {} });
    const [least, most] = binomialInterval(MIRRORED, percent / 100, ALPHA);
    // Nobody waits for an answer to a copy, so the last ones may still be on their way.
    await eventually(async () => (world.pods.asked('v1') - before >= least ? [] : ['copies are missing']), 10_000);
    expect(world.pods.asked('v1') - before).toBeLessThanOrEqual(most);
  });

  test('have it taken back where it fails, without a failure that anybody sees', async () => {
    world.pods.behave('v1', { errorRatio: 0.5 });
    const during = await caller.sendDuring(() =>
      world.until('it is taken back', ({ phase, mirrorPercent }) => phase === 'RolledBack' && mirrorPercent === 0),
    );
    expect((await world.status())?.reason).toMatch(/^v1 fails too often: /);
    expect([Object.keys(during.byVersion), during.failures]).toEqual([['v2'], {}]);
    await proxy.untilItMirrors(chat.name, {});
  });
});

describe('the pods, whose proxies keep to what the environment states of peers,', () => {
  test('were asked by mutual TLS', async () => {
    for (const pod of called) expect(await pod.handshakes()).toBeGreaterThan(0);
  });

  test('answer nobody who has no certificate', async () => {
    for (const { address } of called) await expect(fetch(`http://${address}/`)).rejects.toThrow('fetch failed');
  });

  test('answer no pod whose account may not call them, whatever its certificate', async () => {
    const stranger = await CallerProxy.start(world.server, istiod, world.environment.namespace, rag.name, [chat]);
    const asking = new Caller(stranger.address, chat);
    try {
      await stranger.untilItDivides(chat.name, { v2: 100 });
      const failures = { '403 by the proxy RBAC: access denied': 20 };
      expect(await asking.send(20)).toEqual({ byVersion: {}, failures });
    } finally {
      await asking.close();
      await stranger.stop();
    }
  });
});

describe('of what the environment states, Envoy', () => {
  test('bounds connections, and puts pods aside that fail, at every service and slot', async () => {
    const clusters = await proxy.clusters();
    for (const { name, port } of CALLED) {
      const { trafficPolicy, subsets = [] } = find(world.applied, 'DestinationRule', name).spec as Rule;
      for (const subset of ['', ...subsets.map((one) => one.name)]) {
        const cluster = `outbound|${port}|${subset}|${name}.${world.environment.namespace}.svc.cluster.local`;
        expect(clusters.get(cluster)).toMatchObject(clusterOf(trafficPolicy));
      }
    }
  });

  test('ends requests in time, and sends again only what changes nothing, and nothing to a service with a canary', async () => {
    for (const { name } of CALLED.filter((one) => one !== chat)) {
      const http = at(find(world.applied, 'VirtualService', name), 'spec.http') as readonly HttpRoute[];
      expect((await proxy.routes(name)).map(routeKept)).toEqual(http.map(routeStated));
    }
    const released = await proxy.routes(chat.name);
    const { timeoutMs } = find(world.applied, 'CanaryRelease').spec as CanaryReleaseSpec;
    expect(released.map(routeKept)).toEqual([{ name: 'canary-split', timeout: istioDuration(timeoutMs) }]);
  });

  test('refuses nothing; and what it does refuse is seen', async () => {
    expect(await proxy.refusals()).toEqual([]);
    await world.server.applyAll([badChange(world.environment.namespace)]);
    await proxy.untilItRefuses();
    expect(await proxy.refusals()).toEqual(['cluster_manager.cds']);
  });
});

interface Rule {
  readonly trafficPolicy: object;
  readonly subsets?: readonly { readonly name: string }[];
}

async function isAt(percent: number): Promise<void> {
  const isThere = ({ phase, routedPercent }: CanaryReleaseStatus) =>
    phase === 'Progressing' && routedPercent === percent;
  await world.until(`it is at ${percent} %`, isThere);
  await proxy.untilItDivides(chat.name, percent === 100 ? { v2: 100 } : { v1: 100 - percent, v2: percent });
}

async function expectShare(version: string, share: number): Promise<void> {
  const { byVersion, failures } = await caller.send(REQUESTS);
  expect(failures).toEqual({});
  const [least, most] = binomialInterval(REQUESTS, share, ALPHA);
  const count = byVersion[version] ?? 0;
  expect(count).toBeGreaterThanOrEqual(least);
  expect(count).toBeLessThanOrEqual(most);
}

/** A change of every cluster that no Envoy takes. */
function badChange(namespace: string): Manifest {
  const patch = { operation: 'MERGE', value: { connect_timeout: '0s' } };
  return {
    apiVersion: `${NETWORKING_API}alpha3`,
    kind: 'EnvoyFilter',
    metadata: { name: 'bad', namespace },
    spec: { configPatches: [{ applyTo: 'CLUSTER', match: { context: 'SIDECAR_OUTBOUND' }, patch }] },
  };
}
