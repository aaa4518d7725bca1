/**
 * How long a chat takes while 100 agents hang, and while the rag service is down, against idle in the same run: all processes as production
 * starts them, on their stores, with a provider that answers at once or never. Needs: npm run build, tools/setup.sh
 */
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { signToken } from '../app/embedded/local-tokens.js';
import { peerSettings, type ServiceName } from '../contract/index.js';
import { startObjectStore } from '../test/system/object-store.js';
import { startPostgres } from '../test/system/postgres.js';
import { freePorts } from '../test/system/program.js';
import { startQdrant } from '../test/system/qdrant.js';
import { RabbitMqServer } from '../test/system/rabbitmq.js';
import { RedisServer } from '../test/system/redis.js';
import { ServedProcess } from '../test/system/served-process.js';
import { storeValues } from '../test/system/store-values.js';
import { alternate, judge } from './comparison.js';
import { ANSWER, HANG, startFakeUpstream } from './fake-upstream.js';
import { percentile } from './load.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CHATS = 200;
const AT_ONCE = 2;
const HUNG_AGENTS = 100;
const BOUND = 1.2;
const NAMES = ['gateway', 'chat', 'rag', 'agent', 'memory', 'orchestrator', 'worker'] as const satisfies ServiceName[];
const secret = 'a secret of at least thirty-two characters';

const folder = mkdtempSync(join(tmpdir(), 'armature-bench-'));
const [upstream, redis, postgres, rabbitmq, qdrant, objects, ports] = await Promise.all([
  startFakeUpstream(),
  RedisServer.start(false),
  startPostgres(folder),
  RabbitMqServer.start(),
  startQdrant(folder),
  startObjectStore(folder),
  freePorts(NAMES.length),
]);
const portOf = (name: string) => ports[(NAMES as readonly string[]).indexOf(name)];
const values = {
  ...Object.fromEntries(
    Object.values(peerSettings).map(({ env }) => [
      env,
      `http://127.0.0.1:${portOf(env.replace('_URL', '').toLowerCase()) ?? 1}`,
    ]),
  ),
  ...storeValues({ postgres, redis, rabbitmq, qdrant, objects }),
  JWT_SECRET: secret,
  OPENAI_API_KEYS: 'sk-bench',
  OPENAI_BASE_URL: `${upstream.url}/v1`,
  LOG_LEVEL: 'error',
};
const tree = fileURLToPath(new URL('..', import.meta.url));
const serve = (name: ServiceName) =>
  new ServedProcess({ name, port: portOf(name) ?? 0, tree, folder, values: { ...values } });
const running = new Map<ServiceName, ServedProcess>(NAMES.map((name) => [name, serve(name)]));
const gateway = `http://127.0.0.1:${portOf('gateway')}`;
// Agents have connections of their own: they are other clients.
const [chatters, hangers] = [new Agent(), new Agent()];
let asked = 0;

try {
  await Promise.all([...running.values()].map((one) => one.untilReady()));
  await chats(); // warm
  const runs = await alternate(ROUNDS, { idle: chats, hung: chatsBesideHungAgents, ragDown: chatsWithoutRag });
  console.log(`${ROUNDS} rounds of ${CHATS} chats, ${AT_ONCE} at once, load ${loadavg()[0]?.toFixed(1)}:`);
  for (const [name, latencies] of Object.entries(runs)) {
    const all = latencies.flat();
    console.log(
      `      ${name.padEnd(9)}p50 ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms`,
    );
  }
  const p99 = (latencies: readonly (readonly number[])[]) => percentile(latencies.flat(), 0.99);
  judge(`p99 beside ${HUNG_AGENTS} hung agents against idle`, p99(runs.hung) / p99(runs.idle), BOUND, 'times');
  judge('p99 while rag is down against idle', p99(runs.ragDown) / p99(runs.idle), BOUND, 'times');
} finally {
  await Promise.all([...running.values()].map((one) => one.end()));
  await Promise.all([chatters.destroy(), hangers.destroy(), upstream.close()]);
  await Promise.all([redis.stop(), rabbitmq.stop(), postgres.program.stop('SIGINT'), qdrant.program?.stop()]);
  await objects.program.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function chats(): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  let left = CHATS;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) {
        asked += 1;
        const at = performance.now();
        const { statusCode, body } = await post('/api/chat', chatters, `user-${asked}`, {
          session: `s${asked}`,
          message: `Where is part ${asked} kept?`,
        });
        const text = await body.text();
        if (statusCode !== 200 || !text.includes(ANSWER)) throw new Error(`${statusCode} ${text}`);
        latenciesMs.push(performance.now() - at);
      }
    }),
  );
  return latenciesMs;
}

async function chatsBesideHungAgents(): Promise<readonly number[]> {
  const gone = new AbortController();
  setMaxListeners(HUNG_AGENTS, gone.signal);
  const agents = Array.from({ length: HUNG_AGENTS }, (_, i) =>
    post('/api/agent', hangers, `agent-${asked}-${i}`, { task: `Please ${HANG}, number ${i}.` }, gone.signal).then(
      ({ statusCode }) => {
        throw new Error(`An agent answered ${statusCode} instead of hanging.`);
      },
      (error: unknown) => {
        if (!gone.signal.aborted) throw error;
      },
    ),
  );
  await upstream.untilHanging(HUNG_AGENTS);
  const latencies = await Promise.race([chats(), Promise.all(agents).then(() => [])]);
  gone.abort();
  await Promise.all(agents);
  await upstream.untilHanging(0);
  return latencies;
}

async function chatsWithoutRag(): Promise<readonly number[]> {
  await running.get('rag')?.end();
  const latencies = await chats();
  const again = serve('rag');
  running.set('rag', again);
  await again.untilReady();
  return latencies;
}

async function post(path: string, dispatcher: Agent, user: string, body: object, signal?: AbortSignal) {
  const token = await signToken(secret, { user, tenant: user, tier: 'enterprise' }, Date.now);
  return request(gateway + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    dispatcher,
    ...(signal && { signal }),
  });
}
