import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { answerScore, CANARY_WEBHOOK_TYPES, type CanaryReleaseStatus, scoredAnswers } from '../../../contract/index.js';
import { at } from '../../support/cluster.js';
import { eventually } from '../eventually.js';
import { CanaryWorld, policy, STEPS } from './canary-world.js';

/** Enough that a step is proven in a look or two. */
const TRAFFIC = 4_000;

let world: CanaryWorld;
/** Shares of one version as they changed since the test began: what is set again, and told late, is no change. */
const sharesOf = (version: string, from = 0) => {
  const shares = world.history.map((one) => one[version]);
  return shares.filter((share, i) => i >= from && share !== shares[i - 1]);
};

beforeAll(async () => {
  world = await CanaryWorld.start();
  await world.control();
  await world.control();
});
afterAll(() => world?.stop());
afterEach(() => {
  for (const version of ['v1', 'v2']) world.pods.behave(version);
  world.gates.api.open();
  world.gates.prometheus.open();
  world.pods.requestsPerSecond = TRAFFIC;
});

describe('two controllers', () => {
  test('of which one leads leave all traffic where it is while both slots hold the same', async () => {
    await world.until('somebody has looked', ({ routedPercent }) => routedPercent === 0);
    await eventually(async () => (world.controllers.filter(({ leads }) => leads).length === 1 ? [] : ['one leads']));
    expect(await world.status()).toMatchObject({ phase: 'Idle', stable: 'v1', canary: 'v2' });
    expect(world.controllers.filter(({ acted }) => acted)).toEqual([world.leader]);
  });

  test('take a release back that nobody asks for anything', async () => {
    world.pods.requestsPerSecond = 0;
    await world.release();
    const { reason } = await world.until('it is taken back', isBack);
    expect(reason).toMatch(/^no requests on v2 for \d+ s \(at most 8 s\)\.$/);
  });

  test('bring a release to all traffic while the one that leads is killed at each step; the next takes up where it was', async () => {
    const begun = world.history.length;
    await world.release();
    for (const percent of STEPS) {
      await world.until(
        `it is at ${percent} %`,
        (status) => status.phase === 'Progressing' && status.routedPercent === percent,
      );
      await eventually(async () => (world.leader ? [] : ['one leads']));
      const before = await world.status();
      await world.leader?.end('SIGKILL');
      await world.control();
      const later = await world.until('another goes on', ({ decidedAt }) => decidedAt !== before?.decidedAt);
      if (later.phase === 'Promoted') break;
      expect(later.percent).toBeGreaterThanOrEqual(percent);
      expect(later.canaryRevision).toBe(before?.canaryRevision);
    }
    const { reason } = await world.until('it is promoted', isPromoted('v2'));
    expect(reason).toMatch(/requests at 100 % showed nothing against v2: it takes all traffic\.$/);
    expect(sharesOf('v2', begun)).toEqual([...STEPS]);
    expect(await world.status()).toMatchObject({ stable: 'v2', canary: 'v1' });
  });
});

test.each<[string, object, RegExp]>([
  ['steps that do not ascend', { policy: { stepPercents: [50, 5, 100] } }, /must ascend to 100/],
  ['a step twice', { policy: { stepPercents: [5, 5, 100] } }, /must ascend to 100/],
  ['a last step of less than 100 %', { policy: { stepPercents: [5, 50] } }, /must ascend to 100/],
  ['a step of 0 %', { policy: { stepPercents: [0, 100] } }, /stepPercents\[0\]/],
  ['a share that no canary could be cleared of', { policy: { maxErrorRatio: 0.3 } }, /maxErrorRatio must be above 0/],
  ['a quantile that none could', { policy: { baseline: { quantile: 0.7 } } }, /baseline\.quantile must be above 0/],
  [
    'a limit that no answer can be beyond',
    { policy: { businessMetric: { values: 'a_total', answers: 'b_total', harm: 'decrease', limit: 1 } } },
    /businessMetric\.limit makes must be above 0/,
  ],
  ['one slot twice', { slots: ['v1', 'v1'].map((version) => ({ version, deployment: version })) }, /of its own/],
  ['more pods at least than at most', { minReplicas: 9, maxReplicas: 2 }, /must be at most maxReplicas/],
  ['a header that is none', { betaHeader: { name: 'X Beta', value: 'true' } }, /betaHeader\.name/],
  ['a time that is none', { policy: { checkSeconds: 0 } }, /checkSeconds/],
])('the API server refuses a release with %s, which no controller could read', async (_what, spec, message) => {
  await expect(world.change(spec)).rejects.toThrow(message);
});

describe('the next release, into the slot that has become free,', () => {
  test('is taken back when Prometheus is away for longer than the bound, and holds before', async () => {
    expect(await world.release()).toBe('v1');
    world.gates.prometheus.close();
    await world.until('it holds', ({ verdict, reason }) => verdict === 'hold' && reason.startsWith('no data on v1'));
    const { reason } = await world.until('it is taken back', isBack);
    expect(reason).toMatch(/^no data on v1 for \d+ s \(at most 12 s\)\.$/);
    expect(world.history.at(-1)).toEqual({ v1: 0, v2: 100 });
  });

  test('stays where it is while the API server is away, and then goes on', async () => {
    const begun = world.history.length;
    await world.release();
    world.gates.api.close();
    // Whoever led has given up by then: its lease was not renewed for two thirds of its time.
    await eventually(async () => (world.leader === undefined ? [] : ['nobody leads']), 60_000);
    world.gates.api.open();
    await world.until('it is promoted', isPromoted('v1'));
    expect(sharesOf('v1', begun)).toEqual([...STEPS]);
  });

  test('is taken back when the API server took calls and answered none for longer than the bound', async () => {
    world.pods.requestsPerSecond = 40;
    await world.release();
    world.gates.api.fallSilent();
    const boundMs = (policy.checkSeconds + policy.maxBlindSeconds + 1) * 1000;
    const end = Date.now() + boundMs;
    await eventually(async () => (Date.now() > end ? [] : ['the bound has passed']), 2 * boundMs);
    expect(await world.status()).toMatchObject({ phase: 'Progressing', routedPercent: STEPS[0] });
    world.gates.api.open();
    const { reason } = await world.until('it is taken back', isBack);
    expect(reason).toMatch(/^v2 was not judged for \d+ s after it was due \(at most 12 s\)\.$/);
  });
});

describe('in mid-release', () => {
  test('an apply of the whole environment, by kubectl or server-side, changes nothing of the release, and it nothing of theirs', async () => {
    const begun = world.history.length;
    // Too little to pass the step while it lasts.
    world.pods.requestsPerSecond = 10;
    await world.release();
    const before = await world.status();
    const route = await world.route();
    await world.apply('--server-side', '--field-manager=armature');
    await world.apply();
    const during = await world.status();
    const { canaryRevision } = before ?? {};
    // With the reason, should it have ended.
    expect(during).toMatchObject({
      phase: 'Progressing',
      canaryRevision,
      percent: STEPS[0],
      reason: expect.any(String),
    });
    expect(at(await world.route(), 'metadata.resourceVersion')).toBe(at(route, 'metadata.resourceVersion'));
    world.pods.requestsPerSecond = TRAFFIC;
    await world.until('it is promoted', isPromoted('v2'));
    expect(sharesOf('v2', begun)).toEqual([...STEPS]);
    // Nor has an apply anything to say of what it has become.
    await world.apply('--server-side', '--field-manager=armature');
    for (const object of world.applied) {
      const managers = at((await world.server.get(object)).body, 'metadata.managedFields') as {
        manager: string;
        subresource?: string;
      }[];
      expect(
        managers.filter(({ manager, subresource }) => manager === 'armature-canary' && subresource !== 'status'),
      ).toEqual([]);
    }
  });

  test('a step comes when the pods that it needs are ready, and not before', async () => {
    const begun = world.history.length;
    const version = await world.release();
    const slot = world.deployment(version).metadata.name;
    await world.ready(slot, 1);
    const { reason } = await world.until(
      'it waits for pods',
      ({ awaits, routedPercent }) => awaits === 'pods' && routedPercent === STEPS[1],
    );
    expect(reason).toMatch(/^v\d has 1 of 2 ready pods for 100 % after /);
    await world.ready(slot, 2);
    await world.until('it is promoted', isPromoted(version));
    expect(sharesOf(version, begun)).toEqual([...STEPS]);
  });

  test('a canary whose pods have gone gets nothing until some are back, and all by hand once it has the pods for that', async () => {
    const begun = world.history.length;
    // Too little to pass the step while it lasts.
    world.pods.requestsPerSecond = 40;
    const version = await world.release();
    const slot = world.deployment(version).metadata.name;
    const [share] = STEPS;
    await world.ready(slot, 0);
    await world.until('the stable release answers for it', ({ routedPercent }) => routedPercent === 0);
    await world.ready(slot, 1);
    await world.until('its share is back', ({ routedPercent }) => routedPercent === share);
    await world.armature('promote', 'chat');
    const { reason } = await world.until('it waits for pods', ({ awaits }) => awaits === 'promotion');
    expect(reason).toMatch(/^v\d has 1 of 2 ready pods for 100 % after /);
    await world.ready(slot, 2);
    expect((await world.until('it is promoted', isPromoted(version))).reason).toBe('promoted by hand.');
    expect(sharesOf(version, begun)).toEqual([share, 0, share, 100]);
  });

  test('another release on top of it makes it begin anew, and so does a change of the stable one', async () => {
    const begun = world.history.length;
    const version = await world.release();
    const atSecond = ({ routedPercent, analysis }: CanaryReleaseStatus) =>
      analysis !== null && routedPercent === STEPS[1];
    await world.until('it is at its second step', atSecond);
    await world.deploy(version);
    await world.until('it has begun anew', ({ routedPercent }) => routedPercent !== STEPS[1]);
    await world.until('it is at its second step', atSecond);
    world.pods.requestsPerSecond = 40;
    await world.deploy(version === 'v1' ? 'v2' : 'v1');
    await world.until('it has begun anew', ({ routedPercent }) => routedPercent === STEPS[0]);
    const [first, second] = STEPS;
    expect(sharesOf(version, begun)).toEqual([first, second, 0, first, second, 0, first]);
  });

  test('traffic never goes back to a stable release that is not ready; a canary that is deleted is taken back', async () => {
    const { canary = '', stable = '' } = (await world.status()) ?? {};
    world.pods.requestsPerSecond = 40;
    await world.ready(world.deployment(stable).metadata.name, 0);
    expect(await world.armature('abort', 'chat')).toMatch(/^abort of chat v\d \([0-9a-f]{10}\) was asked for/);
    const { routedPercent, reason } = await world.until('it is aborted', ({ phase }) => phase === 'RolledBack');
    expect([routedPercent, reason]).toEqual([STEPS[0], 'aborted by hand.']);
    await world.ready(world.deployment(stable).metadata.name, 2);
    await world.until('traffic is back', isBack);
    expect(await world.armature('status')).toMatch(
      new RegExp(`^chat  RolledBack  stable ${stable}, canary ${canary} `),
    );

    await world.armature('retry', 'chat');
    await world.until(
      'it begins anew',
      ({ phase, routedPercent: routed }) => phase === 'Progressing' && routed === STEPS[0],
    );
    await world.server.delete(world.deployment(canary));
    expect((await world.until('it is taken back', isBack)).reason).toBe(`${canary} was deleted.`);
    await expect(world.armature('promote', 'chat')).rejects.toThrow(
      'chat is RolledBack: promote is for a release that is Progressing.',
    );
  });
});

describe('a canary that does worse', () => {
  test('is taken back when it is slow, compared with the stable pods', async () => {
    const version = await world.release();
    world.pods.behave(version, { slowRatio: 0.3 });
    const { reason } = await world.until('it is taken back', isBack);
    expect(reason).toMatch(/^v\d is slower than 1\.5 x the p99 of v\d too often: /);
  });

  test('is taken back when it fails too often', async () => {
    const version = await world.release();
    world.pods.behave(version, { errorRatio: 0.5 });
    const { reason } = await world.until('it is taken back', isBack);
    expect(reason).toMatch(/^v\d fails too often: /);
  });
});

describe('a release with webhooks', () => {
  /** What the server says to each type; yes where nothing is stated. */
  const says = new Map<string, number>();
  const heard: string[] = [];
  const hook = createServer(async (request, response) => {
    const { type, phase } = JSON.parse(await text(request));
    heard.push(`${type} ${phase}`);
    response.writeHead(says.get(type) ?? 204).end();
  });
  beforeAll(async () => {
    hook.listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    await world.change({
      webhooks: CANARY_WEBHOOK_TYPES.map((type) => ({ name: type, type, url, timeoutSeconds: 5 })),
    });
  });
  afterAll(() => {
    hook.closeAllConnections();
    hook.close();
  });

  test('begins when they say yes, with mirrored requests that no user sees the answers of, and is taken back by them', async () => {
    says.set('pre-rollout', 503);
    await world.change({ policy: { mirrorPercent: 50 } });
    const begun = world.history.length;
    const { canary: version = '' } = (await world.status()) ?? {};
    await world.deploy(version);
    const { reason } = await world.until(
      'its webhook says no',
      ({ awaits, verdict }) => awaits === 'pre-rollout' && verdict === 'hold',
    );
    expect(reason).toMatch(/^asks the webhooks of pre-rollout\.$|^pre-rollout: pre-rollout answered 503; /);
    world.pods.behave(version, { errorRatio: 0.5 });
    says.clear();
    await world.until('it is mirrored', ({ mirrorPercent }) => mirrorPercent === 50);
    expect((await world.until('it is taken back', isBack)).reason).toMatch(/fails too often/);
    expect(sharesOf(version, begun).filter((share) => share !== 0)).toEqual([]);
    await world.until('the end was told', ({ awaits }) => awaits === undefined);
    expect(heard).toContain('post-rollout RolledBack');
    await world.change({ policy: { mirrorPercent: null } });
  });

  test('keeps all traffic, and is judged as before, until they say yes to its promotion; then they are told of it', async () => {
    says.set('confirm-promotion', 503);
    const version = await world.release();
    const { routedPercent } = await world.until('its webhook says no', ({ reason }) => /answered 503/.test(reason));
    expect(routedPercent).toBe(100);
    expect(heard).not.toContain('post-rollout Promoted');
    says.clear();
    await world.until('it is promoted', isPromoted(version));
    await world.until('the end was told', ({ awaits }) => awaits === undefined);
    expect(heard).toContain('post-rollout Promoted');
    await world.change({ webhooks: [] });
  });
});

test('a release is taken back when users score its answers too low, whichever pods they tell', async () => {
  const counters = { values: answerScore.name, answers: scoredAnswers.name, releaseLabel: 'answered_by' };
  await world.change({ policy: { businessMetric: { ...counters, harm: 'decrease', limit: 0.9 } } });
  const version = await world.release();
  world.pods.behave(version, { score: 0.5 });
  const { reason } = await world.until('it is taken back', isBack);
  expect(reason).toMatch(new RegExp(`^${version} has too little ${answerScore.name} an answer: 0\\.\\d+ in the mean `));
});

test('weights always summed to 100, events told of it all, and the controllers were refused nothing', async () => {
  expect(world.history.length).toBeGreaterThan(20);
  expect(world.history.filter(({ v1 = 0, v2 = 0 }) => v1 + v2 !== 100)).toEqual([]);
  const events = await world.events();
  for (const reason of ['ReleaseBegun', 'Advanced', 'Promoted', 'RolledBack', 'ReleaseBegunAnew']) {
    expect(events).toContain(reason);
  }
  const complaints = world.controllers.flatMap((one) => one.complaints);
  expect(complaints.filter((one) => /forbidden|HTTP-Code: (400|403|422)/i.test(one))).toEqual([]);
});

function isBack({ phase, routedPercent }: CanaryReleaseStatus): boolean {
  return phase === 'RolledBack' && routedPercent === 0;
}

function isPromoted(version: string): (status: CanaryReleaseStatus) => boolean {
  return ({ phase, stable, routedPercent }) => phase === 'Promoted' && stable === version && routedPercent === 0;
}
