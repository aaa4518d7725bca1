/**
 * Where the processor time of the whole path goes, process by process, beside Portkey and LangChain alone before the same provider: all of
 * them share the machine's cores. Judges nothing: bench/gateway.ts does. BENCH_CONNECTIONS names how many at once. Needs: npm run build,
 * npm ci --prefix bench/peers, tools/setup.sh redis-server postgres.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../test/system/postgres.js';
import { startQdrant } from '../test/system/qdrant.js';
import { RedisServer } from '../test/system/redis.js';
import { alternate, mean } from './comparison.js';
import { startFakeUpstream } from './fake-upstream.js';
import { type Subject, startGateway, startOrchestrator, startPeer, startPortkey } from './gateway-subjects.js';
import { send } from './load.js';
import { processorMsOf, processorMsWithChildren } from './processor-time.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = (process.env.BENCH_CONNECTIONS ?? '16,64').split(',').map(Number);
const REQUESTS = 1_500;
const WARM_UP_REQUESTS = 5_000;

process.setMaxListeners(20);
const folder = mkdtempSync(join(tmpdir(), 'armature-bench-'));
const upstream = await startFakeUpstream();
const [redis, postgres, qdrant] = await Promise.all([
  RedisServer.start(false),
  startPostgres(folder),
  startQdrant(folder),
]);
const around = { folder, upstream: upstream.url, redis, postgres, qdrant };
const orchestrator = await startOrchestrator(around);
const gateway = await startGateway(around, orchestrator.url);
const subjects: Record<string, Subject> = {
  path: gateway,
  langchain: await startPeer('bare-chat-model', around),
  portkey: await startPortkey(around),
};

/** Processor time so far by process, in ms. */
function used({ pid }: Subject): Readonly<Record<string, number>> {
  const { user, system } = process.cpuUsage();
  return {
    itself: processorMsOf(pid),
    orchestrator: processorMsOf(orchestrator.pid),
    PostgreSQL: processorMsWithChildren(postgres.program.pid),
    Redis: processorMsOf(redis.pid),
    'provider and load': (user + system) / 1000,
  };
}

async function measure(subject: Subject, connections: number): Promise<Readonly<Record<string, number>>> {
  const before = used(subject);
  const { seconds } = await send(subject.target, connections, REQUESTS);
  const micros = Object.entries(used(subject)).map(([name, ms]) => [
    name,
    ((ms - (before[name] ?? 0)) * 1000) / REQUESTS,
  ]);
  return { ...Object.fromEntries(micros), 'per second': REQUESTS / seconds };
}

try {
  for (const { target } of Object.values(subjects)) await send(target, 16, WARM_UP_REQUESTS);
  for (const connections of CONNECTIONS) {
    const runs = await alternate(
      ROUNDS,
      Object.fromEntries(Object.entries(subjects).map(([name, one]) => [name, () => measure(one, connections)])),
    );
    console.log(`${connections} connections, µs of processor time of a request, load ${loadavg()[0]?.toFixed(1)}`);
    console.table(
      Object.fromEntries(
        Object.entries(runs).map(([name, rounds]) => [
          name,
          Object.fromEntries(
            Object.keys(rounds[0] ?? {}).map((key) => [key, Math.round(mean(rounds.map((round) => round[key] ?? 0)))]),
          ),
        ]),
      ),
    );
  }
} finally {
  await Promise.all(Object.values(subjects).map(({ stop }) => stop()));
  await orchestrator.end();
  await upstream.close();
  await Promise.all([redis.stop(), postgres.program.stop('SIGINT'), qdrant.program?.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
