/** The processes of the platform as their pods run them, from the image's tree, on the stores that production has. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { WebSocket } from 'ws';
import { type ChatResult, type ServiceName, services, type TaskView } from '../../contract/index.js';
import { HeldModel } from './held-model.js';
import { freePorts } from './program.js';
import { ada, ServedPlatform, startStores, stopStores } from './served-platform.js';
import { ServedProcess } from './served-process.js';
import { type StartedStores, storeValues } from './store-values.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let stores: StartedStores;
let platform: ServedPlatform;

const processOf = (name: ServiceName) => platform.process(name);
const serve: ServedPlatform['serve'] = (name, changes) => platform.serve(name, changes);
const request: ServedPlatform['request'] = (path, init) => platform.request(path, init);

const chat = async (session: string, message: string): Promise<ChatResult> =>
  (await request('/api/chat', { body: { session, message } })).json();

/** The command of the image, run to its end. */
const armature = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [join(folder, 'tree', 'build/cli/main.js'), ...args], { env, encoding: 'utf8' });

/** Tells a process to end, and waits until it takes nothing new. */
async function tellToEnd(one: ServedProcess): Promise<void> {
  one.tell('SIGTERM');
  await one.until('it is not ready', async () => (await one.ready()).failed.join() === 'stopping');
}

async function openSocket() {
  const socket = new WebSocket(`${processOf('gateway').url.replace('http', 'ws')}/ws/chat`, {
    headers: { authorization: `Bearer ${await platform.token()}` },
  });
  const seen: TaskView[] = [];
  socket.on('message', (data) => seen.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return { socket, seen, closed };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'armature-processes-'));
  const tree = spawnSync('npm', ['run', 'image:tree', '--silent', '--', join(folder, 'tree')], { cwd: project });
  if (tree.status !== 0) throw new Error(String(tree.stderr));
  stores = await startStores(folder);
  console.info(`The image's tree: ${String(tree.stdout).trim()}. Vectors: ${stores.qdrant.what}.`);
  platform = await ServedPlatform.start({ folder, tree: join(folder, 'tree'), values: storeValues(stores) });
});

afterAll(async () => {
  await platform?.end();
  if (stores) await stopStores(stores);
  rmSync(folder, { recursive: true, force: true });
});

describe('the processes on real stores', () => {
  it('answer from an uploaded document, with its citation', async () => {
    for (const source of ['guide.md', 'pump.pdf']) {
      const body = new Uint8Array(await readFile(join(project, 'app/documents/fixtures', source)));
      expect((await request(`/api/documents?source=${source}`, { body })).status).toBe(200);
    }
    const result = await chat('s1', 'Where are spare seals kept?');
    expect(result.answer).toContain('cabinet 12');
    expect(result.citations[0]).toMatchObject({ source: 'pump.pdf' });
    const { documents } = (await request('/api/documents')).json();
    expect(documents.map(({ source }: { source: string }) => source)).toEqual(['guide.md', 'pump.pdf']);
  });

  it('answer again from the cache that all replicas share, and a paraphrase from the semantic one', async () => {
    expect((await chat('s2', 'Where are spare seals kept?')).metadata.cache.level).toMatch(/^l[12]$/);
    expect((await chat('s3', 'where are the spare seals kept')).metadata.cache.level).toBe('semantic');
  });

  it('do a task that is asked about later', async () => {
    const accepted = await request('/chat/async', {
      body: { session: 's4', message: 'How often is the pump serviced?' },
    });
    expect(accepted.status).toBe(202);
    const ended = (await request(`${accepted.json().check_url}?wait_ms=20000`)).json();
    expect(ended).toMatchObject({ status: 'completed' });
    expect((await request(`/tasks/${accepted.json().task_id}`, { as: { ...ada, user: 'bob' } })).status).toBe(404);
  });

  it('push a result over a WebSocket', async () => {
    const { socket, seen } = await openSocket();
    socket.send(JSON.stringify({ session: 's5', message: 'Where are spare seals kept?' }));
    await processOf('gateway').until('the result is pushed', () => seen.at(-1)?.status === 'completed');
    expect(seen.map(({ status }) => status)).toEqual(['pending', 'processing', 'completed']);
    socket.close();
  });

  it('remember a conversation, and forget it', async () => {
    await chat('s6', 'My name is Ada Lovelace.');
    expect((await chat('s6', 'What is my name?')).answer).toContain('Ada Lovelace');
    expect((await request('/api/sessions/s6')).json().messages).toHaveLength(4);
    expect((await request('/api/sessions/s6', { method: 'DELETE' })).status).toBe(200);
    expect((await request('/api/sessions/s6')).status).toBe(404);
  });

  it('use tools, search, and answer the OpenAI client', async () => {
    const agent = (await request('/api/agent', { body: { task: 'What is 17 * 23?' } })).json();
    expect(agent.answer).toContain('391');
    const found = (await request('/api/search', { body: { query: 'spare seals' } })).json();
    expect(found.passages[0].source).toBe('pump.pdf');
    const openai = new OpenAI({
      apiKey: await platform.token(),
      baseURL: `${processOf('gateway').url}/v1`,
      maxRetries: 0,
    });
    const messages = [{ role: 'user' as const, content: 'Where are spare seals kept?' }];
    const completion = await openai.chat.completions.create({ model: 'auto-rag', messages });
    expect(completion.choices[0]?.message.content).toContain('cabinet 12');
  });

  it('take an API key that the command has made in the place of a token', async () => {
    const { POSTGRES_URL, POSTGRES_PASSWORD } = storeValues(stores);
    const env = { PATH: process.env.PATH, POSTGRES_URL, POSTGRES_PASSWORD };
    const made = armature(['key', 'create', '--user', 'ada', '--tier', 'premium'], env);
    const openai = new OpenAI({ apiKey: made.stdout.trim(), baseURL: `${processOf('gateway').url}/v1`, maxRetries: 0 });
    expect((await openai.models.list()).data.map(({ id }) => id)).toContain('auto');
    const [{ id, owner }] = JSON.parse(armature(['key', 'list', '--format', 'json'], env).stdout);
    expect(owner).toEqual({ user: 'ada', tenant: 'user:ada', tier: 'premium' });
    expect(armature(['key', 'revoke', id], env).stdout).toBe(`${id} revoked\n`);
  });

  it('forget a document everywhere', async () => {
    const { documents } = (await request('/api/documents')).json();
    const pump = documents.find(({ source }: { source: string }) => source === 'pump.pdf');
    const path = `/api/documents/${pump.document_id}`;
    expect((await request(path, { method: 'DELETE' })).status).toBe(200);
    expect((await request(path, { method: 'DELETE' })).status).toBe(404);
    const { passages } = (await request('/api/search', { body: { query: 'spare seals' } })).json();
    expect(passages.map(({ source }: { source: string }) => source)).not.toContain('pump.pdf');
  });
});

it('the tree of the image takes at most 300 MB', () => {
  const { stdout } = spawnSync('du', ['-sm', join(folder, 'tree')], { encoding: 'utf8' });
  expect(Number.parseInt(stdout, 10)).toBeGreaterThan(10);
  expect(Number.parseInt(stdout, 10)).toBeLessThanOrEqual(300);
});

describe('a process', () => {
  it('is alive and not ready while it waits for a store, and says which and why', async () => {
    const [port = 0] = await freePorts(1);
    const [nowhere = 0] = await freePorts(1);
    const rag = new ServedProcess({
      name: 'rag',
      port,
      tree: join(folder, 'tree'),
      folder,
      values: { ...storeValues(stores), POSTGRES_URL: `postgres://a@127.0.0.1:${nowhere}/b` },
    });
    await rag.until('the other stores are there', async () => (await rag.ready()).failed.join() === 'start,PostgreSQL');
    expect(await rag.alive()).toBe(true);
    const told = rag.lines.find(({ level, store }) => level === 'warn' && store === 'PostgreSQL');
    expect(told?.msg).toMatch(/^waiting for PostgreSQL: .*ECONNREFUSED/);
    rag.tell('SIGTERM');
    expect(await rag.ended).toBe(0);
  });

  it('is not ready while a store that it needs is away, and ready again after', async () => {
    const memory = processOf('memory');
    const gateway = processOf('gateway');
    await stores.redis.kill();
    await memory.until('it is not ready', async () => (await memory.ready()).failed.join() === 'Redis');
    // What the gateway has of Redis it can do without.
    expect((await gateway.ready()).status).toBe(200);
    expect((await request('/v1/models')).status).toBe(200);
    await stores.redis.restart();
    await memory.untilReady();
    await processOf('chat').untilReady();
  });

  it('names every bad setting and ends with 2', () => {
    const { status, stderr } = armature(['serve', 'memory'], { REDIS_URL: 'not a URL', LOG_LEVEL: 'loud' });
    expect(status).toBe(2);
    for (const name of ['REDIS_URL', 'REDIS_PASSWORD', 'LOG_LEVEL']) expect(stderr).toContain(name);
  });

  it('tells what ends it in a line of its log like any other', () => {
    // An address for documentation (RFC 5737), which no machine has.
    const env = { HOST: '203.0.113.1', REDIS_URL: 'redis://127.0.0.1:1', REDIS_PASSWORD: 'x' };
    const { status, stdout, stderr } = armature(['serve', 'memory'], env);
    expect([status, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ level: 'fatal', service: 'memory', err: { code: 'EADDRNOTAVAIL' } });
  });
});

describe('a process that is told to end', () => {
  let model: HeldModel;
  beforeAll(async () => {
    model = await HeldModel.start();
    processOf('orchestrator').tell('SIGTERM');
    expect(await processOf('orchestrator').ended).toBe(0);
    serve('orchestrator', { OPENAI_BASE_URL: model.url });
    await processOf('orchestrator').untilReady();
  });
  afterAll(() => model?.stop());

  const held = (count = 1) =>
    processOf('orchestrator').until(`the model holds ${count}`, () => model.held.length === count);
  const submit = async (message: string): Promise<string> =>
    (await request('/chat/async', { body: { session: crypto.randomUUID(), message } })).json().task_id;
  const taskOf = async (id: string): Promise<TaskView> => (await request(`/tasks/${id}?wait_ms=20000`)).json();

  it('finishes a task in hand, takes no other, and does it once', async () => {
    const asked = model.asked;
    const first = await submit('Invent a name for a lighthouse.');
    await held();
    const worker = processOf('worker');
    await tellToEnd(worker);
    const second = await submit('Invent a name for a ferry.');
    model.releaseAll();
    expect(await taskOf(first)).toMatchObject({ status: 'completed', result: { answer: 'held and released' } });
    expect(await worker.ended).toBe(0);
    expect(model.asked).toBe(asked + 1);
    serve('worker');
    await held();
    model.releaseAll();
    expect(await taskOf(second)).toMatchObject({ status: 'completed' });
    expect(model.asked).toBe(asked + 2);
  });

  it('finishes a stream, through every process that it passes', async () => {
    const response = await fetch(`${processOf('gateway').url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await platform.token()}`,
      },
      body: JSON.stringify({
        model: 'gpt-3.5-turbo',
        stream: true,
        messages: [{ role: 'user', content: 'Tell me a story.' }],
      }),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('held')) text += (await reader?.read())?.value;
    const stopped = (['gateway', 'orchestrator'] as const).map(processOf);
    await Promise.all(stopped.map(tellToEnd));
    model.releaseAll();
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) text += next.value;
    const words = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, word]) => word).join('');
    expect(words).toBe('held and released');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await Promise.all(stopped.map(({ ended }) => ended))).toEqual([0, 0]);
    serve('gateway');
    serve('orchestrator', { OPENAI_BASE_URL: model.url });
    await Promise.all([processOf('gateway').untilReady(), processOf('orchestrator').untilReady()]);
  });

  it('pushes the result of a WebSocket request in hand, then says that it goes away', async () => {
    const busy = await openSocket();
    const idle = await openSocket();
    busy.socket.send(JSON.stringify({ session: 'w', message: 'Invent a name for a tram.' }));
    await held();
    const gateway = processOf('gateway');
    gateway.tell('SIGTERM');
    expect(await idle.closed).toBe(1001);
    expect(busy.seen.at(-1)?.status).toBe('processing');
    model.releaseAll();
    expect(await busy.closed).toBe(1001);
    expect(busy.seen.at(-1)).toMatchObject({ status: 'completed', result: { answer: 'held and released' } });
    expect(await gateway.ended).toBe(0);
    await serve('gateway').untilReady();
  });

  it('answers requests that still reach it, and asks their clients to connect elsewhere', async () => {
    const memory = processOf('memory');
    await tellToEnd(memory);
    const alive = await fetch(memory.url + services.memory.probes.liveness.path);
    expect([alive.status, alive.headers.get('connection')]).toEqual([200, 'close']);
    expect(await memory.ended).toBe(0);
    await serve('memory').untilReady();
  });

  it('ends at once when it is told twice', async () => {
    await submit('Invent a name for a canal.');
    await held();
    const worker = processOf('worker');
    await tellToEnd(worker);
    worker.tell('SIGTERM');
    expect(await worker.ended).toBe(1);
    model.releaseAll();
  });
});
