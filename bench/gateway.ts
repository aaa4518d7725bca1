/**
 * The gateway, as production starts it, against a bare byte proxy, Portkey and the LiteLLM proxy, before the same upstream: processor
 * time of a request, requests per second, what it adds to a request and to the first word of a stream. The whole path, through the
 * orchestrator and LangChain, beside them, and as floors what the byte proxy and the gateway's libraries take by themselves. BENCH_LINES
 * names the lines to take, of 1, 16, 64 and streams. Needs: npm run build, npm ci --prefix bench/peers, tools/setup.sh redis-server
 * postgres; makes a venv for LiteLLM itself.
 */
import { cpus, loadavg } from 'node:os';
import { alternate, floor, judge, mean } from './comparison.js';
import {
  type Subject,
  startBareGateway,
  startGateway,
  startLiteLlm,
  startOrchestrator,
  startPeer,
  startPortkey,
} from './gateway-subjects.js';
import { percentile, send, sendStreams, type Target } from './load.js';
import { startSurroundings } from './path-surroundings.js';
import { processorMsOf } from './processor-time.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = [1, 16, 64] as const;
const LINES = (process.env.BENCH_LINES ?? [...CONNECTIONS, 'streams'].join()).split(',');
const STREAMS = 64;
/** A burst is over in a fifth of a second, and its p99 is its slowest stream but one. */
const STREAM_REPEATS = 5;
/** Of the first ten a first word takes half as long again as of the later ones. */
const WARM_UP_BURSTS = 10;
const REQUESTS = 4_000;
const WARM_UP_REQUESTS = 10_000;
/** LiteLLM takes so much longer for each. */
const LITELLM_REQUESTS = 100;

const BOUNDS = {
  processorOfByteProxy: 2,
  requestsOfPortkey: 4,
  requestsOfLiteLlm: 50,
  addedOfPortkey: 0.15,
  firstWordOfPortkey: 0.1,
} as const;

interface Run {
  readonly perSecond: number;
  readonly processorMicros: number;
  readonly p50Ms: number;
}

const { around, stop } = await startSurroundings();
const orchestrator = await startOrchestrator(around);
const subjects: Record<string, Subject> = {
  gateway: await startGateway(around, around.upstream),
  // Of the whole path it is the orchestrator's time that is counted.
  path: { ...(await startGateway(around, orchestrator.url)), pid: orchestrator.pid },
  langchain: await startPeer('bare-chat-model', around),
  bytes: await startPeer('byte-proxy', around),
  bare: await startBareGateway(around),
  portkey: await startPortkey(around),
};
if (LINES.includes('16') || LINES.includes('64')) {
  await startLiteLlm(around).then(
    (liteLlm) => {
      subjects.litellm = liteLlm;
    },
    (error: Error) => {
      console.log(`      LiteLLM is not measured: ${error.message}`);
      process.exitCode = 1;
    },
  );
}

try {
  console.log(
    `${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  // Until Node has compiled what is run: the first 4,000 requests take the gateway four times as long as later ones. Every user is among
  // them: a token that has been verified is known for a while.
  for (const [name, { target }] of Object.entries(subjects))
    await send(target, 16, name === 'litellm' ? LITELLM_REQUESTS : WARM_UP_REQUESTS);
  for (const connections of CONNECTIONS.filter((count) => LINES.includes(String(count)))) {
    await compareRequests(connections);
  }
  if (LINES.includes('streams')) await compareStreams();
  console.log(`      load at the end ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await Promise.all(Object.values(subjects).map(({ stop }) => stop()));
  await orchestrator.end();
  await stop();
}

async function compareRequests(connections: number): Promise<void> {
  const direct: Target = { ...targetOf('bytes'), origin: around.upstream };
  const runs = await alternate(ROUNDS, {
    direct: () => measure(direct, undefined, connections, REQUESTS),
    ...Object.fromEntries(
      Object.entries(subjects).map(([name, { target, pid }]) => [
        name,
        () => measure(target, pid, connections, name === 'litellm' ? LITELLM_REQUESTS : REQUESTS),
      ]),
    ),
  } as Record<string, () => Promise<Run>>);
  const of = (name: string, figure: keyof Run) => mean((runs[name] ?? []).map((run) => run[figure]));
  console.log(`${connections} connections, mean of ${ROUNDS} rounds:`);
  for (const name of Object.keys(runs)) {
    console.log(
      `      ${name.padEnd(10)}${of(name, 'perSecond').toFixed(0).padStart(6)} per second,` +
        `${of(name, 'processorMicros').toFixed(0).padStart(6)} µs each, p50 ${of(name, 'p50Ms').toFixed(2)} ms`,
    );
  }
  const at = `at ${connections}`;
  const processor = (name: string) => of(name, 'processorMicros') / of('bytes', 'processorMicros');
  judge(`processor time against the byte proxy ${at}`, processor('gateway'), BOUNDS.processorOfByteProxy, 'times');
  floor('its libraries by themselves', processor('bare'), 'times');
  if (connections === 1) {
    const added = (name: string) =>
      (of(name, 'p50Ms') - of('direct', 'p50Ms')) / (of('portkey', 'p50Ms') - of('direct', 'p50Ms'));
    judge('added to the p50 against Portkey', added('gateway'), BOUNDS.addedOfPortkey, 'times');
    floor('its libraries by themselves', added('bare'), 'times');
    floor('the byte proxy', added('bytes'), 'times');
    return;
  }
  const behind = (peer: string, ours: string) => of(peer, 'perSecond') / of(ours, 'perSecond');
  judge(`Portkey against the gateway ${at}`, behind('portkey', 'gateway'), 1 / BOUNDS.requestsOfPortkey, 'times');
  judge(`Portkey against the whole path ${at}`, behind('portkey', 'path'), 1, 'times');
  if (!subjects.litellm) return;
  judge(`LiteLLM against the gateway ${at}`, behind('litellm', 'gateway'), 1 / BOUNDS.requestsOfLiteLlm, 'times');
  floor('against its libraries by themselves', behind('litellm', 'bare'), 'times');
  floor('against the byte proxy', behind('litellm', 'bytes'), 'times');
}

async function measure(target: Target, pid: number | undefined, connections: number, requests: number): Promise<Run> {
  const before = pid === undefined ? 0 : processorMsOf(pid);
  const { seconds, latenciesMs } = await send(target, connections, requests);
  const used = pid === undefined ? 0 : processorMsOf(pid) - before;
  return {
    perSecond: requests / seconds,
    processorMicros: (used * 1000) / requests,
    p50Ms: percentile(latenciesMs, 0.5),
  };
}

async function compareStreams(): Promise<void> {
  const direct: Target = { ...targetOf('bytes'), origin: around.upstream };
  const p99 = async (target: Target) => percentile(await sendStreams(target, STREAMS), 0.99);
  const streaming = {
    direct: () => p99(direct),
    gateway: () => p99(targetOf('gateway')),
    path: () => p99(targetOf('path')),
    bytes: () => p99(targetOf('bytes')),
    portkey: () => p99(targetOf('portkey')),
  };
  await alternate(WARM_UP_BURSTS, streaming);
  const runs = await alternate(ROUNDS * STREAM_REPEATS, streaming);
  console.log(
    `${STREAMS} streams at once, no word lost, p99 of the first one, mean of ${ROUNDS * STREAM_REPEATS} rounds:`,
  );
  for (const [name, values] of Object.entries(runs)) {
    console.log(`      ${name.padEnd(10)}${mean(values).toFixed(1).padStart(6)} ms`);
  }
  const added = (name: keyof typeof streaming) =>
    (mean(runs[name]) - mean(runs.direct)) / (mean(runs.portkey) - mean(runs.direct));
  judge('added to the first word against Portkey', added('gateway'), BOUNDS.firstWordOfPortkey, 'times');
  floor('the byte proxy', added('bytes'), 'times');
}

function targetOf(name: string): Target {
  const subject = subjects[name];
  if (subject === undefined) throw new Error(`${name} is not measured.`);
  return subject.target;
}
