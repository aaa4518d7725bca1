/**
 * The simulator against the running platform: `npm start` with a slow model, asked by callers who come at random, at three loads. The
 * assumptions are fitted from what it tells Prometheus at the lowest; throughput, p50 and p99 at all three are then predicted request by
 * request, in runs of the same length under the load that was really sent. Ends with 1 where a prediction of the higher two is further off than its bound. Takes some five minutes
 * (BENCH_ROUNDS, BENCH_SECONDS); wants a quiet machine. Needs: npm run build.
 */
import { modelTable, providerSettings, worker, workerSettings } from '../contract/index.js';
import { simulateDiscrete } from '../sim/discrete/simulate-discrete.js';
import { type Export, type Fit, fitAssumptions } from '../sim/fit/fit-assumptions.js';
import { fitText } from '../sim/fit/fit-text.js';
import { constantLoad } from '../sim/load/shapes.js';
import { type AssumptionsInput, parseAssumptions } from '../sim/model/assumptions.js';
import { seededRandom } from '../sim/model/random.js';
import type { System } from '../sim/model/system.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import { embeddedSystem } from './embedded-system.js';
import { startFakeUpstream } from './fake-upstream.js';
import { percentile } from './load.js';
import { modelTimesMs } from './model-times.js';
import { type OpenTarget, sendOpenly } from './open-load.js';
import { Recording } from './recording.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 14);
const WARM_UP_SECONDS = 3;
/** Requests per second: some 30, 60 and 85 % of what the slots can do. Fitted at the first. */
const RATES = [5.5, 11, 15.5] as const;
/** Times of the model: log-normal. */
const MODEL = { meanMs: 400, cv: 0.5 };
const SLOTS = 8;
/** So many that no limit is met. */
const USERS = 60;
/** Simulated runs for each that was measured. */
const SEEDS = 21;
const BOUNDS = { answersPerSecond: 0.15, p50Ms: 0.15, p99Ms: 0.3 } as const;
/** The callers' own: all chat, of one tier and below its limits, never the same question twice. */
const KNOWN: AssumptionsInput = {
  requests: { tiers: { free: 0, premium: 0, enterprise: 1 }, perUserPerMinute: { enterprise: 20 } },
  caches: { retrievalHits: 0, answerHits: 0 },
  failures: { taskFailures: 0 },
};
type Figure = keyof typeof BOUNDS;
type Figures = Readonly<Record<Figure, number>>;

/** One run, and how much was really asked: chance makes it more or less than was meant. */
type Measured = Figures & { readonly sentPerSecond: number };

const random = seededRandom(32);
const provider = await startFakeUpstream(modelTimesMs(MODEL, random));
const models = modelTable.parse([
  {
    ...{ id: 'slow', provider: 'openai', role: 'cheap', contextWindowTokens: 32_000, typicalLatencyMs: MODEL.meanMs },
    ...{ inputMicroUsdPer1kTokens: 0, outputMicroUsdPer1kTokens: 0 },
  },
]);
const platform = await EmbeddedPlatform.start({
  [providerSettings.openaiBaseUrl.env]: `${provider.url}/v1`,
  [providerSettings.models.env]: JSON.stringify(models),
  [workerSettings.slots.env]: String(SLOTS),
});
try {
  const target = await chats();
  // Until its code is compiled.
  for (const perSecond of RATES) await sendOpenly(target, { perSecond, warmUpSeconds: 0, seconds: 12, random });
  const measured = RATES.map((): Measured[] => []);
  const fits: Fit[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, rate] of RATES.entries()) {
      const { value, text } = await recorded(() => run(target, rate));
      measured[at]?.push(value);
      if (at === 0) fits.push(fitted({ source: `round ${round + 1}`, text }));
    }
  }
  report(middleOf(fits), measured);
} finally {
  await platform.stop();
  await provider.close();
}

/** What the platform told of itself meanwhile. */
async function recorded<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly text: string }> {
  const recording = new Recording(platform.urls);
  await recording.scrape();
  const value = await work();
  await recording.scrape();
  return { value, text: recording.text };
}

function fitted(recorded: Export): Fit {
  return fitAssumptions([recorded], { assumed: parseAssumptions(KNOWN), oneProcess: true });
}

function taskSeconds({ works }: Fit): number {
  return works.find(({ work }) => work === 'worker')?.meanSeconds ?? Number.NaN;
}

/** Of the round that was neither the best nor the worst, as of all that is measured. */
function middleOf(fits: readonly Fit[]): Fit {
  return fits.toSorted((a, b) => taskSeconds(a) - taskSeconds(b))[Math.floor(fits.length / 2)] as Fit;
}

async function chats(): Promise<OpenTarget> {
  const tokens = await Promise.all(
    Array.from({ length: USERS }, (_, i) => platform.tokenOf({ user: `u${i}`, tenant: 'bench', tier: 'enterprise' })),
  );
  return {
    origin: platform.urls.gateway,
    path: '/api/chat',
    headers: (i) => ({ authorization: `Bearer ${tokens[i % USERS]}` }),
    // Nobody has asked it before, so that no cache answers.
    body: () => {
      const session = `s${random().toString(36).slice(2)}`;
      return { session, message: `What does ${random().toString(36).slice(2)} say of ${session}?` };
    },
  };
}

async function run(target: OpenTarget, perSecond: number): Promise<Measured> {
  const load = { perSecond, warmUpSeconds: WARM_UP_SECONDS, seconds: SECONDS, random };
  const { sentPerSecond, answeredPerSecond, latenciesMs } = await sendOpenly(target, load);
  return {
    sentPerSecond,
    answersPerSecond: answeredPerSecond,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

function report(fit: Fit, measured: readonly (readonly Measured[])[]): void {
  console.log(`${fitText(fit)}\nmedian of ${ROUNDS} runs of ${SECONDS} s (lowest to highest), and predicted:`);
  const system = embeddedSystem(models, SLOTS, parseAssumptions({ ...KNOWN, ...fit.assume }));
  for (const [at, rate] of RATES.entries()) {
    const simulated = (measured[at] ?? []).flatMap(({ sentPerSecond }) =>
      Array.from({ length: SEEDS }, (_, seed) => simulatedRun(system, sentPerSecond, seed)),
    );
    const percent = Math.round((100 * rate * taskSeconds(fit)) / SLOTS);
    console.log(`${rate} requests/s, ${percent} % of what the slots can do${at === 0 ? '; fitted here' : ''}`);
    for (const figure of Object.keys(BOUNDS) as Figure[]) tell(figure, measured[at] ?? [], simulated, at > 0);
  }
}

function simulatedRun(system: System, perSecond: number, seed: number): Figures {
  const options = { seed, warmupSeconds: WARM_UP_SECONDS, totalsOnly: true };
  const { totals, workloads } = simulateDiscrete(system, constantLoad(perSecond, SECONDS), options);
  const { p50, p99 } = totals.answers;
  const served = workloads.find(({ name }) => name === worker.name)?.served ?? 0;
  return { answersPerSecond: served / SECONDS, p50Ms: 1000 * p50, p99Ms: 1000 * p99 };
}

function tell(figure: Figure, measured: readonly Figures[], simulated: readonly Figures[], isJudged: boolean): void {
  const found = measured.map((one) => one[figure]);
  const [median, predicted] = [
    percentile(found, 0.5),
    percentile(
      simulated.map((one) => one[figure]),
      0.5,
    ),
  ];
  const off = predicted / median - 1;
  const isOver = isJudged && Math.abs(off) > BOUNDS[figure];
  if (isOver) process.exitCode = 1;
  const range = `${median.toFixed(1)} (${Math.min(...found).toFixed(1)} to ${Math.max(...found).toFixed(1)})`;
  const told = `${(100 * off).toFixed(1)} %`;
  console.log(
    `${isOver ? 'OVER' : 'ok  '}  ${figure.padEnd(18)}${range.padEnd(30)}${predicted.toFixed(1).padStart(8)}${told.padStart(10)} (at most ${100 * BOUNDS[figure]} %)`,
  );
}
