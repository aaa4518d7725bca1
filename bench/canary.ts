import { writeFileSync } from 'node:fs';
import type { CanaryPolicy } from '../app/canary/canary-policy.js';
import { seededRandom } from '../app/canary/seeded-random.fixture.js';
import { type SimulatedEnd, simulateRelease, type TrueCanary } from '../app/canary/simulated-release.fixture.js';
import { canaryPolicy as policy } from '../contract/index.js';
import { type Curve, delayPlot } from './canary-plot.js';
import { judge, mean } from './comparison.js';
import { flaggerRollback } from './peers/flagger-rule.js';
import { seedOf } from './seed-of.js';

/**
 * Monte Carlo of the canary's verdict: how often it errs and how long it needs, against its stated rates, the least that any sequential
 * test needs, and Flagger's rule. Usage: `npx tsx bench/canary.ts [FILE.svg] [--seed=NUMBER]`; some two minutes.
 */
const SEED = seedOf(process.argv);
const RELEASES = 2_000;
const TRAFFIC = [1, 10, 100];
const FACTORS = [2, 3, 5];
const FLAGGER = { minSuccessRatio: 0.99, threshold: 10 };
const HEALTHY_SLOW = 0.005;

function simulate(requestsPerSecond: number, canary: TrueCanary, by: CanaryPolicy = policy): SimulatedEnd[] {
  const random = seededRandom(SEED * 7919 + requestsPerSecond * 1000 + Math.round(canary.errorRatio * 100_000));
  return Array.from({ length: RELEASES }, () => simulateRelease(requestsPerSecond, canary, by, random));
}

const shareOf = (ends: readonly SimulatedEnd[], verdict: SimulatedEnd['verdict']) =>
  (100 * ends.filter((end) => end.verdict === verdict).length) / ends.length;

/** What a mean of so many releases may be above a true rate by chance: 3 standard errors. */
const withChance = (rate: number) => 100 * (rate + 3 * Math.sqrt((rate * (1 - rate)) / RELEASES));

const allowedSlow = 1 - policy.baseline.quantile;
const last = policy.stepPercents.length - 1;
/** With all that a release may have: a mirrored step, and a score that may not be below 0.8. */
const full: CanaryPolicy = {
  ...policy,
  mirrorPercent: 20,
  businessMetric: { values: 'score_total', answers: 'answers_total', harm: 'decrease', limit: 0.8, largest: 1 },
};
const allowedLack = 0.2;

console.log(
  `False rollbacks and promotions of ${RELEASES} releases; stated: 1 % and 1 %, judged with 3 standard errors`,
);
for (const traffic of TRAFFIC) {
  const atOnce = { errorRatio: policy.maxErrorRatio, slowRatio: allowedSlow };
  const stated = withChance(policy.falseRollbackRate);
  const healthy = simulate(traffic, { errorRatio: 0.01, slowRatio: HEALTHY_SLOW });
  judge(`${traffic} req/s, healthy (1 % fail): rolled back`, shareOf(healthy, 'rollback'), stated, '%');
  judge(
    `${traffic} req/s, at both thresholds at once: rolled back`,
    shareOf(simulate(traffic, atOnce), 'rollback'),
    stated,
    '%',
  );
  const missed = withChance(policy.falsePromotionRate);
  for (const [what, harmful] of [
    ['fails', { errorRatio: policy.harmfulMultiple * policy.maxErrorRatio, slowRatio: 0.001 }],
    ['is slow', { errorRatio: 0.001, slowRatio: policy.harmfulMultiple * allowedSlow }],
  ] as const) {
    for (const fromStep of [0, last]) {
      const ends = simulate(traffic, { ...harmful, fromStep });
      judge(
        `${traffic} req/s, ${what} at twice a threshold from step ${fromStep + 1} on: promoted`,
        shareOf(ends, 'promoted'),
        missed,
        '%',
      );
    }
  }
}

console.log('\nThe same with a mirrored step and a business metric: three rules over six steps');
for (const traffic of TRAFFIC) {
  const atAll = { errorRatio: policy.maxErrorRatio, slowRatio: allowedSlow, businessRatio: allowedLack };
  const healthy = { errorRatio: 0.01, slowRatio: HEALTHY_SLOW, businessRatio: allowedLack / 2 };
  for (const [what, canary] of [
    ['healthy', healthy],
    ['at all three thresholds at once', atAll],
  ] as const) {
    const ends = simulate(traffic, canary, full);
    judge(`${traffic} req/s, ${what}: rolled back`, shareOf(ends, 'rollback'), withChance(full.falseRollbackRate), '%');
  }
  for (const fromStep of [0, last + 1]) {
    const harmful = {
      errorRatio: 0.001,
      slowRatio: 0.001,
      businessRatio: policy.harmfulMultiple * allowedLack,
      fromStep,
    };
    judge(
      `${traffic} req/s, lacks twice as much score as it may from step ${fromStep + 1} of 6 on: promoted`,
      shareOf(simulate(traffic, harmful, full), 'promoted'),
      withChance(full.falsePromotionRate),
      '%',
    );
  }
}

/**
 * The least mean number of requests by which a test that may look after each of them, and errs at `alpha`, tells p from q: Wald,
 * Ann. Math. Statist. 16 (1945), 117-186; no test that stops by itself does better as alpha falls (Lorden, Ann. Math. Statist. 42 (1971)).
 */
function leastRequests(p: number, q: number, alpha: number): number {
  const divergence = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
  return Math.log(1 / alpha) / divergence;
}

console.log(
  '\nUntil a canary whose errors are so many times the 5 % allowed is rolled back, at 5 % of the traffic, in minutes',
);
const ours: Curve[] = [];
const least: Curve[] = [];
for (const factor of FACTORS) {
  const delays = TRAFFIC.map((traffic) => {
    const p = factor * policy.maxErrorRatio;
    const ends = simulate(traffic, { errorRatio: p, slowRatio: HEALTHY_SLOW });
    const minutes = mean(ends.map(({ seconds }) => seconds)) / 60;
    const canaryPerMinute = (traffic * 60 * (policy.stepPercents[0] ?? 0)) / 100;
    const leastMinutes = leastRequests(p, policy.maxErrorRatio, policy.falseRollbackRate) / canaryPerMinute;
    const checkMinutes = policy.checkSeconds / 60;
    // It looks once a minute, divides alpha over ten, and does not know p beforehand.
    judge(
      `${factor} x, ${traffic} req/s: least possible ${leastMinutes.toFixed(2)}, ours`,
      minutes,
      3 * leastMinutes + checkMinutes,
      'min',
    );
    return { traffic, minutes, leastMinutes };
  });
  ours.push({ name: `${factor} x`, points: delays });
  least.push({
    name: `${factor} x`,
    points: delays.map(({ traffic, leastMinutes }) => ({ traffic, minutes: leastMinutes })),
  });
}

console.log('\nThe same traces, both at a bound of 1 %: 60 s checks; Flagger rolls back at its tenth failed check');
const strict: CanaryPolicy = { ...policy, maxErrorRatio: 1 - FLAGGER.minSuccessRatio };
/** Judged by nothing, a release shows all its looks. */
const unjudged: CanaryPolicy = { ...strict, maxErrorRatio: 0.999, harmfulMultiple: 1.0001 };
const rivals = { ours: [] as Curve['points'][number][], flagger: [] as Curve['points'][number][] };
for (const traffic of TRAFFIC) {
  for (const factor of FACTORS) {
    const canary = { errorRatio: factor * strict.maxErrorRatio, slowRatio: 0.001 };
    const minutes = mean(simulate(traffic, canary, strict).map(({ seconds }) => seconds)) / 60;
    const traces = simulate(traffic, canary, unjudged);
    const flagger = mean(traces.map(({ looks }) => flaggerRollback(looks, FLAGGER) ?? looks.length));
    const what = `${factor} x, ${traffic} req/s: Flagger ${flagger.toFixed(2)} min, ours ${minutes.toFixed(2)} min; ours to theirs`;
    if (traffic === 100 && factor === 5) judge(what, minutes / flagger, 0.333, '');
    else console.log(`      ${what}: ${(minutes / flagger).toFixed(2)}`);
    if (factor !== 5) continue;
    rivals.ours.push({ traffic, minutes });
    rivals.flagger.push({ traffic, minutes: flagger });
  }
  const healthy: TrueCanary = { errorRatio: 0.005, slowRatio: 0.001 };
  const wrong = shareOf(simulate(traffic, healthy, strict), 'rollback');
  const theirs = simulate(traffic, healthy, unjudged).filter(
    ({ looks }) => flaggerRollback(looks, FLAGGER) !== undefined,
  );
  const theirPercent = ((100 * theirs.length) / RELEASES).toFixed(1);
  judge(`healthy (0.5 % fail), ${traffic} req/s: Flagger rolls back ${theirPercent} %, ours`, wrong, 1, '%');
}

const file = process.argv.find((one) => one.endsWith('.svg'));
if (file !== undefined) {
  const panels = [
    { title: 'Errors at so many times the 5 % allowed; dashed: the least possible', solid: ours, dashed: least },
    {
      title: '5 x errors at a bound of 1 %; dashed: Flagger, 10 failed checks',
      solid: [{ name: 'ours', points: rivals.ours }],
      dashed: [{ name: 'Flagger', points: rivals.flagger }],
    },
  ];
  writeFileSync(file, delayPlot(panels));
}
