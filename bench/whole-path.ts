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

/** All of it takes a minute on a quiet machine and much longer on a busy one: who waits is told for what. */
function progress(what: string): void {
  console.error(`      ${Math.round(performance.now() / 1000)} s: ${what}`);
}

progress('the stores start');
const { around, stop } = await startSurroundings();
progress('the processes start');
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
  for (const [name, { target }] of Object.entries(subjects)) {
    progress(`${name} warms up`);
    await send(target, 16, WARM_UP_REQUESTS);
  }
  for (const connections of CONNECTIONS) {
    progress(`${ROUNDS} rounds at ${connections} connections`);
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
