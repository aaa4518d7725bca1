import { worker } from '../../contract/index.js';
import { Production } from '../../stacks/index.js';
import { simulateFluid } from '../fluid/simulate-fluid.js';
import { clockText } from '../load/clock.js';
import { diurnalLoad, promotionLoad } from '../load/shapes.js';
import { readSystem } from '../model/read-system.js';
import type { System } from '../model/system.js';
import { percent } from '../report/figures.js';
import { replayAutoscaler } from './replay-autoscaler.js';

/** Scenario 1 of the chapter (32.4): a row as the seed has it. */
const PROMOTION = [
  { at: '09:00', qps: 50, cpuPercent: 30, replicas: 3 },
  { at: '09:15', qps: 500, cpuPercent: 85, replicas: 3 },
  { at: '09:15:15', qps: 500, cpuPercent: 45, replicas: 6 },
  { at: '09:15:30', qps: 500, cpuPercent: 45, replicas: 6 },
  { at: '09:30', qps: 1000, cpuPercent: 75, replicas: 6 },
  { at: '09:30:15', qps: 1000, cpuPercent: 40, replicas: 12 },
  { at: '10:00', qps: 100, cpuPercent: 15, replicas: 12 },
  { at: '10:05', qps: 100, cpuPercent: 15, replicas: 6 },
  { at: '10:10', qps: 100, cpuPercent: 30, replicas: 3 },
] as const;

/** Scenario 2: the queue's length and the replicas that the seed expects. It names no times; here a row lasts ten minutes. */
const BACKLOG = [
  { messages: 50, replicas: 3 },
  { messages: 150, replicas: 5 },
  { messages: 300, replicas: 10 },
  { messages: 50, replicas: 10 },
  { messages: 20, replicas: 5 },
  { messages: 10, replicas: 3 },
] as const;
const ROW_SECONDS = 600;

const NINE = 9 * 3600;
const PROMOTION_SECONDS = 90 * 60;

/** What the real algorithm makes of the seed's two scenarios, beside what the seed says. */
export function seedScenarios() {
  const system = readSystem(Production);
  const chat = autoscalerOf(system, 'chat');
  // What the seed's CPU column says is to be done, in pods' whole requests: the percentage times the pods that bear it.
  const asTold = replayAutoscaler({
    ...{ ...chat, replicas: 3, durationSeconds: PROMOTION_SECONDS },
    demandAt: (at) => ({ work: workAsTold(at), messages: 0 }),
  });
  // Or the first row's: 30 % of three pods at 50 requests a second, and so in proportion.
  const perRequest = (0.3 * 3) / 50;
  const inProportion = replayAutoscaler({
    ...{ ...chat, replicas: 3, durationSeconds: PROMOTION_SECONDS },
    demandAt: (at) => ({ work: perRequest * (rowAt(at)?.qps ?? 50), messages: 0 }),
  });
  const workers = replayAutoscaler({
    ...{ ...autoscalerOf(system, worker.name), replicas: 3, durationSeconds: BACKLOG.length * ROW_SECONDS },
    demandAt: (at) => ({ work: 0, messages: BACKLOG[Math.floor(at / ROW_SECONDS)]?.messages ?? 0 }),
  });
  const platform = simulateFluid(system, promotionLoad(), { everySeconds: 15 });
  const day = simulateFluid(system, diurnalLoad(5, 60), { tickSeconds: 5 });
  return { asTold, inProportion, workers, platform, day };
}

/** `docs/seed-scenarios.md`. */
export function seedScenariosDocument(): string {
  const { asTold, inProportion, workers, platform, day } = seedScenarios();
  const replicasOf = (name: string, at: number) =>
    platform.series[name]?.find(({ atSeconds }) => atSeconds >= at + 15)?.ready ?? 0;
  const promotion = PROMOTION.map(({ at, qps, cpuPercent, replicas }) => {
    const seconds = secondsSinceNine(at);
    const sync = Math.min(asTold.length - 1, Math.floor(seconds / 15));
    const platformCells = ['gateway', 'chat', worker.name].map((name) => replicasOf(name, seconds));
    return [at, qps, `${cpuPercent} %`, replicas, asTold[sync], inProportion[sync], ...platformCells];
  });
  const backlog = BACKLOG.map(({ messages, replicas }, row) => {
    const end = ((row + 1) * ROW_SECONDS) / 15 - 1;
    return [
      messages,
      replicas,
      workers[(row * ROW_SECONDS) / 15],
      workers[(row * ROW_SECONDS + 60) / 15],
      workers[end],
    ];
  });
  const saturation = platform.saturations.map(
    ({ what, sinceSeconds, why }) => `${what} since ${clockText(NINE + sinceSeconds)} (${why})`,
  );
  return `# The chapter's scaling scenarios, and what the real algorithm does

Made by \`sim/scenarios/seed-scenarios.ts\`; its test holds this page to what is reckoned (\`UPDATE_DOCS=1 npm test -- --runTestsByPath sim/scenarios/seed-scenarios.test.ts\` writes it anew).
The autoscalers are production's: 3 to 50 replicas, 70 % of the requested CPU, ten tasks for each worker; up by a doubling or five pods at once, down after five minutes by half or two pods a minute, whichever is less.

## Scenario 1: a promotion

The seed's columns first. "As told" gives the algorithm what the seed's CPU column says is to be done (85 % of three pods is 2.55 pods' worth). "In proportion" takes the first row at its word, 30 % of three pods at
50 requests a second, and lets the work grow with the requests. The last three are the whole platform in the simulator, where \`chat\` only accepts tasks and the workers do them.

${markdown(['time', 'requests/s', 'CPU', 'seed', 'as told', 'in proportion', 'gateway', 'chat', 'worker'], promotion)}

Why they differ:
- 85 % against 70 % asks for ceil(3 × 85 / 70) = 4 pods, not six: a policy of +100 % is what may be added, not what is.
- The seed's CPU is not of one load: 30 % of three pods at 50 requests a second is 300 % at 500, and 15 % of twelve pods at 100 is what three pods had at 100.
- Down goes by two pods a minute once five minutes are over (\`Min\` of 50 % and two pods): twelve cannot become six in one step.
- In the platform the model takes the time, so the workers' slots fill while CPU is low${saturation.length > 0 ? `: ${saturation.join('; ')}` : ''}.

## Scenario 2: a backlog

The queue is held at each length for ten minutes. Replicas at once, after a minute, and at the end of the ten.

${markdown(['messages', 'seed', 'at once', 'after 1 min', 'after 10 min'], backlog)}

Ten messages for each replica is one rule: 150 messages ask for 15 and 300 for 30. The seed's 3, 5 and 10 follow from no target. A queue's length that each pod reports as its own would run away to the ceiling (\`sim/hpa/reconcile.test.ts\`).

## The saving of 60 %

Pods' time against replicas fixed at the highest number that was needed, and at the ceiling:

${markdown(
  ['run', 'against its peak', 'against the ceiling of 50'],
  [
    ["the seed's own table", percent(savingOf(seedTable(), 12)), percent(savingOf(seedTable(), 50))],
    ['the algorithm, as told', percent(savingOf(asTold, Math.max(...asTold))), percent(savingOf(asTold, 50))],
    [
      'the algorithm, in proportion',
      percent(savingOf(inProportion, Math.max(...inProportion))),
      percent(savingOf(inProportion, 50)),
    ],
    [
      'the platform, the promotion',
      percent(platform.totals.savingAgainstPeak),
      percent(platform.totals.savingAgainstCeiling),
    ],
    [
      'the platform, a day from 5 to 60 requests/s',
      percent(day.totals.savingAgainstPeak),
      percent(day.totals.savingAgainstCeiling),
    ],
  ],
)}

60 % is neither: what is saved depends on how much lower the rest of the day is than its peak, and on what one would otherwise have fixed. Of the money it is less: stores, network and above all the models cost the same.
`;
}

function autoscalerOf(system: System, name: string) {
  const autoscaler = system.workloads.find((one) => one.name === name)?.autoscaler;
  if (!autoscaler) throw new Error(`production scales no "${name}"`);
  return autoscaler;
}

function secondsSinceNine(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds - NINE;
}

function rowAt(seconds: number) {
  return PROMOTION.findLast(({ at }) => secondsSinceNine(at) <= seconds);
}

function workAsTold(seconds: number): number {
  const row = rowAt(seconds) ?? PROMOTION[0];
  return (row.cpuPercent / 100) * row.replicas;
}

/** The seed's replicas at each sync. */
function seedTable(): readonly number[] {
  return Array.from({ length: PROMOTION_SECONDS / 15 }, (_, sync) => rowAt(sync * 15)?.replicas ?? 3);
}

function savingOf(replicas: readonly number[], fixed: number): number {
  return 1 - replicas.reduce((sum, one) => sum + one, 0) / (fixed * replicas.length);
}

function markdown(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
