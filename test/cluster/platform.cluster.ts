/** `dev`, sized for one node, on a real cluster: what it was told, what it answers, where it keeps that. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  type ChatResult,
  postgres,
  rabbitmq,
  redis,
  services,
  type TaskView,
  taskBacklog,
  tasks,
} from '../../contract/index.js';
import { eventually } from '../system/eventually.js';
import { ada, Client, tokenOf } from './client.js';
import { deploy, isReady, missing, namespace, openToOutside, type Pod, pods, remove } from './deployed-platform.js';
import { CEILING, FLOOR } from './environment.js';
import { kubectl, list } from './kubectl.js';
import { steadyLoad } from './steady-load.js';

const fixtures = fileURLToPath(new URL('../../app/documents/fixtures/', import.meta.url));
const names = Object.values(services).map(({ name }) => name);

let client: Client;
const chat = async (session: string, message: string): Promise<ChatResult> =>
  (await client.request('/api/chat', { body: { session, message } })).json();
const exec = (pod: string, ...command: string[]) =>
  kubectl(['exec', '-n', namespace, `${pod}-0`, '-c', pod, '--', ...command]);
const sql = async (query: string) => (await exec(postgres.name, 'psql', '-U', 'armature', '-Atc', query)).trim();
const redisCli = (command: string) =>
  exec(redis.name, 'sh', '-c', `REDISCLI_AUTH="$(cat /run/armature/password)" redis-cli --no-raw ${command}`);

async function untilDone(url: string, as = ada): Promise<void> {
  await eventually(async () => {
    const view = (await client.request(`${url}?wait_ms=20000`, { as })).json() as TaskView;
    if (view.status === 'failed') throw new Error(JSON.stringify(view));
    return view.status === 'completed' ? [] : [`${url} is ${view.status}`];
  });
}

const COUNT = 'SELECT count(*) FROM documents';

/** While there are none, no autoscaler acts either. */
const scaleWorkers = (replicas: number) =>
  kubectl(['scale', '-n', namespace, `deployment/${services.worker.name}`, `--replicas=${replicas}`]);
const backlogPath = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${taskBacklog.name}`;
const say = (what: string) => process.stderr.write(`    ${what}\n`);

beforeAll(async () => {
  const seconds = await deploy();
  say(`${(await pods()).length} pods ready after ${seconds.toFixed(0)} s`);
  client = new Client(await openToOutside());
  // The node learns of the port a little later.
  await eventually(async () => {
    const answers = await client.request('/v1/models').then(
      ({ status }) => status === 200,
      () => false,
    );
    return answers ? [] : ['the gateway does not answer from outside'];
  });
});
afterAll(() => remove());

describe('the pods', () => {
  it('are ready, all of them, and none of them was restarted', async () => {
    expect(await missing()).toEqual([]);
    const restarted = (await pods()).flatMap(({ metadata, status }) =>
      (status.containerStatuses ?? [])
        .filter((one) => one.restartCount > 0)
        .map(({ name }) => `${metadata.name} ${name}`),
    );
    expect(restarted).toEqual([]);
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
    expect(await sql('SELECT source FROM documents')).toBe('pump.pdf');
  });

  it('remembers a conversation, in Redis', async () => {
    await chat('c2', 'My name is Ada Lovelace.');
    expect((await chat('c2', 'What is my name?')).answer).toContain('Ada Lovelace');
    expect(await redisCli('--scan --pattern "conversation:*c2*"')).toContain('c2');
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
    const queues = await exec(rabbitmq.name, 'rabbitmqctl', 'list_queues', '-q', 'name', 'consumers');
    for (const { name } of tasks.queues) expect(queues).toMatch(new RegExp(`^${name}\\s+[1-9]`, 'm'));
  });

  it('pushes a result over a WebSocket', async () => {
    const socket = new WebSocket(`${client.url.replace('http', 'ws')}/ws/chat`, {
      headers: { authorization: `Bearer ${await tokenOf(ada)}` },
    });
    const seen: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => socket.send(JSON.stringify({ session: 'c4', message: 'Where are spare seals kept?' })));
      socket.on('message', (data) => {
        const { status } = JSON.parse(String(data));
        seen.push(status);
        if (status === 'completed' || status === 'failed') resolve();
      });
    });
    socket.close();
    expect(seen).toEqual(['pending', 'processing', 'completed']);
  });
});

describe('under load', () => {
  it('a backlog of 300 tasks makes workers by the queue’s length, and all are done', async () => {
    const texts = Array.from({ length: 100 }, (_, i) => `Shelf ${i} holds part number ${1000 + i}.`);
    await scaleWorkers(0);
    const start = performance.now();
    const since = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
    const ids: { url: string; user: string }[] = [];
    for (let i = 0; i < 300; i++) {
      // Each user may ask so often only.
      const user = `user-${i % 30}`;
      const accepted = await client.request('/api/embeddings', {
        body: { texts: texts.map((text) => `${text} Box ${i}.`), collection: 'parts' },
        as: { ...ada, user },
      });
      expect(accepted.status).toBe(202);
      ids.push({ url: accepted.json().check_url, user });
    }
    say(`300 tasks accepted after ${since()}`);
    await eventually(async () => {
      const { items } = JSON.parse(await kubectl(['get', '--raw', backlogPath]));
      return Number(items[0]?.value) >= 300 ? [] : [`the autoscaler is told of ${JSON.stringify(items)}`];
    });
    await scaleWorkers(FLOOR);
    await eventually(async () => {
      const ready = (await pods(services.worker.name)).filter(isReady).length;
      return ready > FLOOR
        ? []
        : [`${ready} workers, ${await kubectl(['get', 'hpa', 'worker', '-n', namespace, '--no-headers'])}`];
    });
    say(`more than ${FLOOR} workers ready after ${since()}`);
    for (const { url, user } of ids) {
      await untilDone(url, { ...ada, user });
    }
    say(
      `300 tasks completed after ${since()}, ${(await pods(services.worker.name)).length} workers of at most ${CEILING}`,
    );
    // An autoscaler that lacks one of its metrics only adds pods. CPU and memory come from metrics-server alone.
    const apis = await kubectl(['get', 'apiservices', '-o', 'name']);
    if (!apis.includes('/v1beta1.metrics.k8s.io')) {
      say('no metrics-server: not seen whether the workers become fewer again');
      return;
    }
    await eventually(async () => {
      const left = (await pods(services.worker.name)).length;
      return left === FLOOR ? [] : [`${left} workers`];
    });
    say(`${FLOOR} workers again after ${since()}`);
  });

  it('a rolling update of every process fails no request', async () => {
    const load = steadyLoad(client);
    for (const name of names) await kubectl(['rollout', 'restart', `deployment/${name}`, '-n', namespace]);
    for (const name of names)
      await kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=600s']);
    const { answered, failures } = await load.stop();
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
      const [pod] = await list<Pod>(namespace, 'pods', `app.kubernetes.io/name=${name}`);
      await kubectl([
        'delete',
        'pod',
        '-n',
        namespace,
        pod?.metadata.name ?? '',
        '--grace-period=0',
        '--force',
        '--wait=false',
      ]);
      await eventually(async () => {
        // Until the node has heard of it, a connection may still go to the pod that is gone.
        const answer = await chat('c5', 'Where are spare seals kept?').then((result) => String(result.answer), String);
        return answer.includes('cabinet 12') ? [] : [answer];
      });
    }
    await eventually(missing);
    for (const url of accepted) await untilDone(url);
    expect((await client.request('/api/sessions/c2')).json()).toEqual(conversation.json());
  });

  it('a killed pod of each store that keeps its data is replaced, with all that it held', async () => {
    const documents = await sql(COUNT);
    for (const { name } of [redis, postgres, rabbitmq]) {
      await kubectl(['delete', 'pod', '-n', namespace, `${name}-0`, '--grace-period=0', '--force']);
      await eventually(missing, 600_000);
    }
    expect(await sql(COUNT)).toBe(documents);
    expect((await client.request('/api/sessions/c2')).json().messages).toHaveLength(4);
    expect((await chat('c6', 'Where are spare seals kept?')).answer).toContain('cabinet 12');
  });
});
