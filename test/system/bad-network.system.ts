/** The platform's processes on stores whose network is slow, or cut: every request ends with an answer or a clear error, and nothing is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestBudget, type TaskView } from '../../contract/index.js';
import { ServedPlatform, startStores, stopStores } from './served-platform.js';
import { type StartedStores, storeValues } from './store-values.js';
import { runProgram } from './tools.js';
import { Toxiproxy } from './toxiproxy.js';

/** The project itself has what the image holds, and more. */
const project = fileURLToPath(new URL('../..', import.meta.url));

const DELAY_MS = 2_000;
/** Of each kind of request, while the fault lasts. */
const EACH = 3;

/** By which setting the processes find each store, and what nobody can have while it is cut off. Everything else goes on. */
const STORES = {
  Redis: { setting: 'REDIS_URL', lost: ['chat', 'async chat', 'sessions'] },
  RabbitMQ: { setting: 'RABBITMQ_URL', lost: ['chat', 'async chat'] },
  PostgreSQL: { setting: 'POSTGRES_URL', lost: ['upload', 'search', 'usage'] },
  Qdrant: { setting: 'QDRANT_URL', lost: ['upload', 'search'] },
  S3: { setting: 'S3_ENDPOINT', lost: ['upload'] },
} as const;
const names = Object.keys(STORES) as (keyof typeof STORES)[];

/** How a request ended. */
interface End {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  readonly tookMs: number;
  readonly task?: string;
}

let folder: string;
let stores: StartedStores;
let network: Toxiproxy;
let platform: ServedPlatform;
const lines: string[] = [];

beforeAll(async () => {
  const built = runProgram(process.execPath, ['tools/build.js'], { cwd: project });
  if (built.status !== 0) throw new Error(built.stderr);
  folder = mkdtempSync(join(tmpdir(), 'armature-bad-network-'));
  [stores, network] = await Promise.all([startStores(folder), Toxiproxy.start(folder)]);
  const values = storeValues(stores);
  for (const name of names) {
    const { setting } = STORES[name];
    values[setting] = await network.through(name, values[setting] ?? '');
  }
  platform = await ServedPlatform.start({ folder, tree: project, values });
  await platform.request('/api/chat', { body: { session: KNOWN, message: 'Good morning.' } });
});
afterAll(async () => {
  await platform?.end();
  await network?.stop();
  if (stores) await stopStores(stores);
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`\n${lines.join('\n')}\n`);
});

/** A session that memory has. */
const KNOWN = 'known';

let nth = 0;
/** One request of each kind, none of which was sent before. */
function requests() {
  nth += 1;
  const message = `Where is part ${nth} kept?`;
  const body = { session: `s${nth}`, message };
  return {
    chat: () => platform.request('/api/chat', { body }),
    'async chat': () => platform.request('/chat/async', { body }),
    upload: () =>
      platform.request(`/api/documents?source=part-${nth}.md`, {
        body: Buffer.from(`# Part ${nth}\n\nIt is in cabinet ${nth}.`),
      }),
    search: () => platform.request('/api/search', { body: { query: message } }),
    sessions: () => platform.request(`/api/sessions/${KNOWN}`),
    usage: () => platform.request('/usage'),
    models: () => platform.request('/v1/models'),
  };
}

async function sendAll(count: number): Promise<End[]> {
  const all = Array.from({ length: count }, requests).flatMap((kinds) => Object.entries(kinds));
  return Promise.all(
    all.map(async ([what, send]) => {
      const start = performance.now();
      const answer = await send();
      const body = answer.json();
      const tookMs = performance.now() - start;
      return { what, status: answer.status, code: body.error?.code ?? '', tookMs, task: body.task_id };
    }),
  );
}

const stateOf = async (id: string): Promise<TaskView> => (await platform.request(`/tasks/${id}?wait_ms=20000`)).json();

describe.each(names)('%s', (store) => {
  const { lost } = STORES[store];

  /** What becomes of requests while something is wrong with the store, and after. */
  async function suffer(fault: string, happen: () => Promise<void>) {
    await happen();
    const during = await sendAll(EACH);
    await network.mend();
    const mendedAt = performance.now();
    await platform.untilReady();
    const readyMs = Math.round(performance.now() - mendedAt);
    const longest = Math.round(Math.max(...during.map(({ tookMs }) => tookMs)));
    lines.push(`${store} ${fault}: the longest took ${longest} ms, ready again after ${readyMs} ms; ${told(during)}`);
    const refused = during.filter(({ status }) => status >= 400);
    expect(refused.filter(({ status }) => status !== 503)).toEqual([]);
    expect(longest).toBeLessThan(requestBudget.gatewayMs);
    const accepted = during.flatMap(({ status, task }) => (status === 202 && task ? [task] : []));
    const ended = await Promise.all(accepted.map(stateOf));
    expect(ended.map(({ status }) => status)).toEqual(accepted.map(() => 'completed'));
    expect((await sendAll(1)).filter(({ status }) => status >= 400)).toEqual([]);
    return [...new Set(refused.map(({ what }) => what))];
  }

  it('2 s away: requests are answered, or told to come again, and what was accepted is done', async () => {
    expect(lost).toEqual(expect.arrayContaining(await suffer('2 s away', () => network.delay(store, DELAY_MS))));
  });

  it('cut off: what needs it is told to come again at once, everything else goes on', async () => {
    expect(await suffer('cut off', () => network.cut(store))).toEqual(lost);
  });
});

/** How often requests ended how. */
function told(ends: readonly End[]): string {
  const counts = new Map<string, number>();
  for (const { what, status, code } of ends) {
    const end = `${what} ${status} ${code}`.trim();
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return [...counts].map(([end, count]) => `${count} ${end}`).join(', ');
}
