import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CLOSED_FORMS } from '../sim/discrete/closed-forms.js';
import { simulateDiscrete } from '../sim/discrete/simulate-discrete.js';
import { simulateLine } from '../sim/discrete/simulate-line.js';
import { fluidRun, simulateFluid } from '../sim/fluid/simulate-fluid.js';
import {
  type HpaSpec,
  type HpaState,
  type MetricReading,
  NEW_HPA,
  type Observation,
  type PodObservation,
  reconcile,
} from '../sim/hpa/index.js';
import type { Load } from '../sim/load/load.js';
import { constantLoad, diurnalLoad, stepLoad } from '../sim/load/shapes.js';
import { exponential } from '../sim/model/random.js';
import { readSystem } from '../sim/model/read-system.js';
import type { Run } from '../sim/run-in-parts.js';
import { Production } from '../stacks/index.js';

/**
 * The simulator's figures, each with its goal or bound, in this process's processor time. Ends with 1 where a bound is not kept.
 * Usage: `npx tsx bench/sim.ts [hpa|line|day|year|flat|closed|agree|model]`.
 */
const only = process.argv[2];
let isShort = false;

function tell(what: string, found: string, wanted: string, kept?: boolean): void {
  if (kept === false) isShort = true;
  const verdict = kept === undefined ? 'goal' : kept ? 'kept' : 'NOT KEPT';
  process.stdout.write(`${what.padEnd(58)} ${found.padStart(18)}   ${wanted} (${verdict})\n`);
}

function section(name: string, run: () => void): void {
  if (only === undefined || only === name) run();
}

/** Processor time in seconds. */
function timed<T>(run: () => T): { readonly seconds: number; readonly value: T } {
  const before = process.cpuUsage();
  const value = run();
  const { user, system: kernel } = process.cpuUsage(before);
  return { seconds: (user + kernel) / 1e6, value };
}

const system = readSystem(Production);
const chat = system.workloads.find(({ name }) => name === 'chat');
if (!chat?.autoscaler) throw new Error('production scales no chat');
const { spec } = chat.autoscaler;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

const QUIET = { totalsOnly: true, tickSeconds: 15, everySeconds: 300 } as const;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** The most that the heap holds after any tenth of a run, rubbish not counted. */
function heldWhileRunning(run: Run): number {
  let most = 0;
  let tenth = 0;
  for (let step = run.next(); !step.done; step = run.next()) {
    if (step.value < tenth / 10) continue;
    tenth++;
    collectGarbage();
    most = Math.max(most, process.memoryUsage().heapUsed);
  }
  return most;
}

interface Bare {
  readonly spec: HpaSpec;
  readonly observation: Observation;
}

/** An autoscaler whose pods are all at their targets: every metric is read, and none calls for anything. */
function atTarget(spec: HpaSpec, replicas: number): Bare {
  const pods = Array.from(
    { length: replicas },
    (_, i): PodObservation => ({
      ...{ name: `p${i}`, phase: 'Running', startedAtMs: -1e6, ready: { isTrue: true, sinceMs: -1e6 } },
      requestsMilli: { cpu: 600, memory: 6e11 },
    }),
  );
  const readings = spec.metrics.map((metric): MetricReading => {
    if ('target' in metric) return { valuesMilli: [metric.target.milli * replicas] };
    const milli =
      'averageMilli' in metric
        ? metric.averageMilli
        : (metric.resource === 'cpu' ? 6 : 6e9) * metric.utilizationPercent;
    return { byPod: new Map(pods.map(({ name }) => [name, { valueMilli: milli, takenAtMs: 0, windowMs: 15_000 }])) };
  });
  return { spec, observation: { specReplicas: replicas, statusReplicas: replicas, pods, readings } };
}

/** So many syncs, of one autoscaler after the other. */
function bareSyncs(syncs: number, autoscalers: readonly Bare[]): void {
  const states: HpaState[] = autoscalers.map(() => NEW_HPA);
  for (let sync = 0, at = 0; sync < syncs; sync++, at = (at + 1) % autoscalers.length) {
    const { spec, observation } = autoscalers[at] as Bare;
    const nowMs = Math.floor(sync / autoscalers.length) * 15_000;
    states[at] = reconcile(spec, states[at] as HpaState, observation, nowMs).state;
  }
}

section('hpa', () => {
  const one = [atTarget(spec, 3)];
  bareSyncs(20_000, one);
  const { seconds } = timed(() => bareSyncs(100_000, one));
  tell(
    `autoscaler syncs, 3 pods, ${spec.metrics.length} metrics`,
    `${Math.round(100_000 / seconds)} /s`,
    '1,000,000 /s',
  );
});

section('line', () => {
  const line = { servers: 8, arrivalsPerSecond: [6.4], service: (next: () => number) => exponential(next, 1), seed: 1 };
  simulateLine({ ...line, requests: 200_000 });
  const { seconds } = timed(() => simulateLine({ ...line, requests: 2_000_000 }));
  tell('requests through M/M/8', `${Math.round(2_000_000 / seconds)} /s`, '1,000,000 /s');
});

section('model', () => {
  const load = constantLoad(60, 3600);
  const { seconds, value } = timed(() => simulateDiscrete(system, load, { totalsOnly: true }));
  const requests = value.totals.requests + 900 * 60;
  tell('requests through the whole of production', `${Math.round(requests / seconds)} /s`, '150,000 /s');
});

section('day', () => {
  const load = diurnalLoad(20, 100);
  const day = () => simulateFluid(system, load, { totalsOnly: true });
  const { syncs, workloads } = day();
  // The day's own autoscalers, each over as many pods as it had on the mean.
  const autoscalers = system.workloads.flatMap(({ name, autoscaler }) => {
    const replicas = Math.round(workloads.find((one) => one.name === name)?.meanReplicas ?? 0);
    return autoscaler ? [atTarget(autoscaler.spec, replicas)] : [];
  });
  bareSyncs(syncs, autoscalers);
  // In turns, so that what else the machine does meets both.
  const rounds = [1, 2, 3, 4, 5].map(() => {
    const seconds = timed(day).seconds;
    return { seconds, ratio: seconds / timed(() => bareSyncs(syncs, autoscalers)).seconds };
  });
  const seconds = median(rounds.map((round) => round.seconds));
  tell('a day of production in ticks of 1 s', `${seconds.toFixed(2)} s`, '0.5 s');
  const ratio = median(rounds.map((round) => round.ratio));
  tell(`... against a bare loop of its ${syncs} syncs`, `${ratio.toFixed(1)} x`, 'at most 10 x', ratio <= 10);
});

section('year', () => {
  const { seconds } = timed(() =>
    simulateFluid(system, diurnalLoad(20, 100, 365 * 86_400), { totalsOnly: true, tickSeconds: 15 }),
  );
  tell('a year of production in ticks of 15 s', `${seconds.toFixed(1)} s`, '10 s');
});

section('flat', () => {
  const totalsOf = (days: number) =>
    simulateFluid(system, constantLoad(20, days * 86_400), { totalsOnly: true, tickSeconds: 15 });
  const bytes = (days: number) => JSON.stringify(totalsOf(days)).length;
  const size = bytes(8) / bytes(1);
  tell('size of eight days’ totals against one day’s', `${size.toFixed(2)} x`, 'at most 1.1 x', size <= 1.1);
  const held = (days: number) => heldWhileRunning(fluidRun(system, constantLoad(20, days * 86_400), QUIET));
  held(1);
  const [one, eight] = [held(1), held(8)];
  const growth = eight / one;
  const found = `${growth.toFixed(2)} x (${(eight / 2 ** 20).toFixed(1)} MiB)`;
  tell('heap held at most in eight days against one', found, 'at most 1.1 x', growth <= 1.1);
});

section('closed', () => {
  for (const { name, line, waits } of CLOSED_FORMS) {
    const runs = [1, 2, 3, 4].map((seed) => simulateLine({ ...line, requests: 5_000_000, seed }).meanWaitSeconds);
    const off = waits.map((wait, queue) => {
      const mean = runs.reduce((sum, run) => sum + (run[queue] ?? 0), 0) / runs.length;
      return Math.abs(mean / wait - 1);
    });
    const worst = Math.max(...off);
    tell(`mean wait of ${name} against its formula`, `${(100 * worst).toFixed(2)} %`, 'within 1 %', worst <= 0.01);
  }
});

section('agree', () => {
  const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
  const workersOf = (run: typeof simulateFluid, load: Load) =>
    seeds.flatMap((seed) =>
      run(system, load, { seed, totalsOnly: true }).workloads.filter(({ name }) => name === 'worker'),
    );
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  for (const load of [constantLoad(10, 4 * 3600), stepLoad(5, 40, 4 * 3600), diurnalLoad(5, 30)]) {
    const [ticks, requests] = [workersOf(simulateFluid, load), workersOf(simulateDiscrete, load)];
    for (const [key, digits] of [
      ['meanReplicas', 2],
      ['served', 0],
    ] as const) {
      const [inTicks, singly] = [ticks, requests].map((workers) => workers.map((one) => one[key])) as [
        number[],
        number[],
      ];
      const off = Math.abs(mean(inTicks) / mean(singly) - 1);
      tell(`${load.name}: ${key}, ticks against requests`, `${(100 * off).toFixed(2)} %`, 'within 5 %', off <= 0.05);
      const each = (values: readonly number[]) => values.map((one) => one.toFixed(digits)).join(' ');
      process.stdout.write(`  seeds 1 to 10, ticks: ${each(inTicks)}; requests: ${each(singly)}\n`);
    }
  }
});

if (isShort) process.exitCode = 1;
