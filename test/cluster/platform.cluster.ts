/** `dev`, sized for one node, on a real cluster: what it was told, what it answers, where it keeps that, and what it does under load. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ChatResult,
  canaryPolicy,
  postgres,
  rabbitmq,
  redis,
  services,
  type TaskView,
  tasks,
} from '../../contract/index.js';
import { eventually } from '../system/eventually.js';
import { workThrough } from './backlog.js';
import { burstOnChat } from './chat-burst.js';
import { type Client, pushedStatuses, untilDone } from './client.js';
import { DeployedPlatform } from './deployed-platform.js';
import { ClusterTest, ClusterTestReleasing } from './environment.js';
import { kubectl } from './kubectl.js';
import { ReleaseWatch } from './release-watch.js';
import { replayDifferences } from './replayed-syncs.js';
import { inSeconds, say, stopwatch } from './say.js';
import { underLoad } from './steady-load.js';
import { storedIn } from './stored.js';

const fixtures = fileURLToPath(new URL('../../app/documents/fixtures/', import.meta.url));
const names = Object.values(services).map(({ name }) => name);

const platform = new DeployedPlatform(ClusterTest);
const { namespace, missing } = platform;
const stored = storedIn(platform);
/** How long the cluster took to show what it can do itself, where that was measured: what deploying may take is a multiple of it. */
const proofSeconds = process.env.CLUSTER_PROOF_SECONDS;
let client: Client;
let deploySeconds = 0;

const chat = async (session: string, message: string): Promise<ChatResult> =>
  (await client.request('/api/chat', { body: { session, message } })).json();

beforeAll(async () => {
  const since = stopwatch();
  deploySeconds = await platform.deploy();
  say(`${(await platform.pods()).length} pods ready after ${inSeconds(deploySeconds)}`);
  client = await platform.openToOutside();
  const { answer } = await chat('first', 'Good morning.');
  say(`from the empty cluster to the first answered chat ${inSeconds(since())}: ${answer}`);
});
afterAll(() => platform.remove());

describe('the pods', () => {
  it('are ready, all of them, and none of them was restarted', async () => {
    expect(await missing()).toEqual([]);
    const restarted = (await platform.pods()).flatMap(({ metadata, status }) =>
      (status.containerStatuses ?? [])
        .filter((one) => one.restartCount > 0)
        .map(({ name }) => `${metadata.name} ${name}`),
    );
    expect(restarted).toEqual([]);
  });

  it('are ready within two and a half times of what the cluster takes to show what it can do', () => {
    if (proofSeconds === undefined) {
      say('not compared with the cluster’s own pace: CLUSTER_PROOF_SECONDS is not set');
      return;
    }
    const ratio = deploySeconds / Number(proofSeconds);
    say(
      `${inSeconds(deploySeconds)} beside ${inSeconds(Number(proofSeconds))}: ${ratio.toFixed(2)} times (at most 2.5)`,
    );
    expect(ratio).toBeLessThanOrEqual(2.5);
  });

  it('stand in a namespace that lets in no pod but what Pod Security calls restricted, and no Service open to the outside', async () => {
    const create = (kind: string, spec: object) =>
      kubectl(
        ['create', '--dry-run=server', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'x', namespace }, spec }),
      );
    const containers = [{ name: 'x', image: 'x', securityContext: { privileged: true } }];
    await expect(create('Pod', { containers })).rejects.toThrow(/violates PodSecurity "restricted|denied request/);
    const open = { type: 'NodePort', ports: [{ port: services.gateway.port }] };
    await expect(create('Service', open)).rejects.toThrow('A Service has no address outside the cluster');
  });
});

describe('from outside the cluster, the platform', () => {
  it('answers from an uploaded document and cites it', async () => {
    const body = new Uint8Array(await readFile(`${fixtures}pump.pdf`));
    expect((await client.request('/api/documents?source=pump.pdf', { body })).status).toBe(200);
    const result = await chat('c1', 'Where are spare seals kept?');
    expect(result.answer).toContain('cabinet 12');
    expect(result.citations[0]).toMatchObject({ source: 'pump.pdf' });
    expect(await stored.sources()).toBe('pump.pdf');
  });

  it('remembers a conversation, in Redis', async () => {
    await chat('c2', 'My name is Ada Lovelace.');
    expect((await chat('c2', 'What is my name?')).answer).toContain('Ada Lovelace');
    expect(await stored.keys('conversation:*c2*')).toContain('c2');
  });

  it('runs an agent with a tool', async () => {
    const { answer } = (await client.request('/api/agent', { body: { task: 'What is 17 * 23?' } })).json();
    expect(answer).toContain('391');
  });

  it('does a task that is asked about later', async () => {
    const message = 'How often is the pump serviced?';
    const accepted = await client.request('/chat/async', { body: { session: 'c3', message } });
    expect(accepted.status).toBe(202);
    const ended = (await client.request(`${accepted.json().check_url}?wait_ms=20000`)).json() as TaskView;
    expect(ended).toMatchObject({ status: 'completed' });
    const queues = await stored.queues();
    for (const { name } of tasks.queues) expect(queues).toMatch(new RegExp(`^${name}\\s+[1-9]`, 'm'));
  });

  it('pushes a result over a WebSocket', async () => {
    const seen = await pushedStatuses(client, { session: 'c4', message: 'Where are spare seals kept?' });
    expect(seen).toEqual(['pending', 'processing', 'completed']);
  });
});

describe('under load', () => {
  it('a backlog of 300 tasks makes workers by the queue’s length, all are done, and the workers go again, as the simulator says', async () => {
    const syncs = await workThrough(platform, client);
    const differences = await replayDifferences(namespace, services.worker.name, syncs);
    say(`${syncs.length} syncs; the simulator's replicas differ by at most ${Math.max(...differences)}`);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });

  it('a burst makes pods of chat, and they go again', async () => {
    expect((await burstOnChat(platform, client)).failures).toEqual([]);
  });

  it('a release of chat gets 5 % of the traffic, then all, and nobody who applies the environment takes it back', async () => {
    const release = new ReleaseWatch(namespace, services.chat.name, canaryPolicy.canaryVersion);
    const since = stopwatch();
    await release.look();
    const work = async () => {
      await platform.change(ClusterTestReleasing);
      await release.untilPromoted();
    };
    const { answered, failures } = await underLoad(client, work, { lines: 4 });
    say(`shares ${release.shares.join(', ')} %, promoted after ${inSeconds(since())}; ${answered} requests answered`);
    expect(release.shares).toEqual([0, 5, 100]);
    expect(failures).toEqual([]);
    const version = await release.look();
    await platform.change(ClusterTestReleasing);
    expect(await release.look()).toBe(version);
  });

  it('a rolling update of every process fails no request', async () => {
    const { answered, failures } = await underLoad(client, async () => {
      for (const name of names) await kubectl(['rollout', 'restart', `deployment/${name}`, '-n', namespace]);
      for (const name of names)
        await kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=600s']);
    });
    say(`${answered} requests answered during the rolling update, ${failures.length} failed`);
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  });

  it('a killed pod of each process is replaced, and nothing accepted is lost', async () => {
    const conversation = await client.request('/api/sessions/c2');
    const accepted: string[] = [];
    for (const name of names) {
      const body = { session: 'c5', message: `What of ${name}: where are spare seals kept?` };
      accepted.push((await client.request('/chat/async', { body })).json().check_url);
      const [pod] = await platform.pods(name);
      await platform.kill(pod?.metadata.name ?? '');
      await eventually(async () => {
        // Until the node has heard of it, a connection may still go to the pod that is gone.
        const answer = await chat('c5', 'Where are spare seals kept?').then((result) => String(result.answer), String);
        return answer.includes('cabinet 12') ? [] : [answer];
      });
    }
    await eventually(missing);
    for (const url of accepted) await untilDone(client, url);
    expect((await client.request('/api/sessions/c2')).json()).toEqual(conversation.json());
  });

  it('a killed pod of each store that keeps its data is replaced, with all that it held', async () => {
    const documents = await stored.documentCount();
    for (const { name } of [redis, postgres, rabbitmq]) {
      await platform.kill(`${name}-0`);
      await eventually(missing, 600_000);
    }
    expect(await stored.documentCount()).toBe(documents);
    expect((await client.request('/api/sessions/c2')).json().messages).toHaveLength(4);
    expect((await chat('c6', 'Where are spare seals kept?')).answer).toContain('cabinet 12');
  });
});
