/**
 * Where the processor time of the whole path goes, process by process, beside Portkey and LangChain alone before the same provider: all of
 * them share the machine's cores. Judges nothing: bench/gateway.ts does. BENCH_CONNECTIONS names how many at once. Needs: npm run build,
 * npm ci --prefix bench/peers, tools/setup.sh redis-server postgres.
 */
import { loadavg } from 'node:os';
import { alternate, mean } from './comparison.js';
import { type Subject, startGateway, startOrchestrator, startPeer, startPortkey } from './gateway-subjects.js';
import { send } from './load.js';
import { startSurroundings } from './path-surroundings.js';
import { processorMsOf, processorMsWithChildren } from './processor-time.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = (process.env.BENCH_CONNECTIONS ?? '16,64').split(',').map(Number);
const REQUESTS = 1_500;
const WARM_UP_REQUESTS = 5_000;

const { around, stop } = await startSurroundings();
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
    PostgreSQL: processorMsWithChildren(around.postgres.program.pid),
    Redis: processorMsOf(around.redis.pid),
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
  await stop();
}
