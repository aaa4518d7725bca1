import { readFileSync } from 'node:fs';
import { calibrateOnOutcomes, type OutcomePrompt } from '../app/router/calibrate.js';
import { difficultyOf } from '../app/router/difficulty-model.js';
import { evaluateOutcomes } from '../app/router/evaluate-outcomes.js';
import { route } from '../app/router/route.js';
import { classifyByRules } from '../app/router/rule-classifier.js';
import { costMicroUsd, models, type TaskClass } from '../contract/index.js';
import { mulberry32 } from '../test/support/random.js';
import { judge, mean } from './comparison.js';

/**
 * Fits the router to some subjects of a log and holds it against chance and against the prompt's length on the others; then what
 * routing costs and how long it takes against sending all to one model, on the mix that the seed of this project states.
 * Usage: `npx tsx bench/routing.ts FILE` or ROUTING_LOG=FILE, JSON Lines of `{id, prompt, weak, strong}` whose `id` is `subject/number`.
 */
const SPLITS = 20;
const file = process.argv[2] ?? process.env.ROUTING_LOG;

if (file === undefined) console.log('no log is named: what routing keeps of quality is not measured');
else leaveSubjectsOut(file);
seedsMix();

function leaveSubjectsOut(path: string): void {
  type Row = OutcomePrompt & { readonly subject: string };
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line): Row => {
      const { id, ...row } = JSON.parse(line);
      return { ...row, subject: id.split('/').slice(0, -1).join('/') };
    });
  const subjects = [...new Set(rows.map(({ subject }) => subject))].sort();
  const splits = Array.from({ length: SPLITS }, (_, k) => {
    const random = mulberry32(100 + k);
    const shuffled = subjects.map((subject) => ({ subject, at: random() })).sort((a, b) => a.at - b.at);
    const out = new Set(shuffled.slice(0, Math.round(subjects.length / 3)).map(({ subject }) => subject));
    const model = calibrateOnOutcomes(
      rows.filter(({ subject }) => !out.has(subject)),
      'training',
    );
    const test = rows.filter(({ subject }) => out.has(subject));
    const { routers } = evaluateOutcomes(test, (prompt) => difficultyOf(model, prompt));
    return routers;
  });
  console.log(
    `${rows.length} prompts of ${subjects.length} subjects; ${SPLITS} splits, each leaving out a third of the subjects`,
  );
  const shares = [0, 1, 2].map((i) => splits.map((routers) => routers[i]?.shareNeeded ?? 1));
  const [ours = [], length = [], random = []] = shares;
  for (const [i, name] of ['this router', 'length of the prompt', 'random choice'].entries()) {
    const apgr = splits.map((routers) => routers[i]?.apgr ?? 0);
    console.log(`${name}: strong calls for 95 % ${interval(shares[i] ?? [])}; APGR ${interval(apgr)}`);
  }
  for (const [name, others] of [
    ['a random choice', random],
    ['length', length],
  ] as const)
    console.log(
      `strong calls, of those of ${name}, split by split: ${interval(ours.map((one, i) => one / (others[i] ?? 1)))}`,
    );
  judge('strong calls, of those of a random choice', mean(ours) / mean(random), 0.8, 'times');
  judge('strong calls, of those by length', mean(ours) / mean(length), 1, 'times');
  const started = performance.now();
  const model = calibrateOnOutcomes(rows.slice(0, 1000), 'timing');
  const fitted = performance.now();
  for (const { prompt } of rows) difficultyOf(model, prompt);
  console.log(
    `fitting 1000 prompts ${(fitted - started).toFixed(0)} ms; a decision ${((1000 * (performance.now() - fitted)) / rows.length).toFixed(0)} µs`,
  );
}

/**
 * The seed's mix: 60 % simple, 30 % complex, 10 % specialised, 1,000 tokens a request. Latency is drawn: log-normal about each model's
 * typical one (sigma 0.4), as no provider can be reached here.
 */
function seedsMix(): void {
  const mix: readonly (readonly [TaskClass, number])[] = [
    ['simple', 0.6],
    ['complex', 0.3],
    ['specialised', 0.1],
  ];
  const random = mulberry32(42);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const all = new Set(models.map(({ id }) => id));
  const days = Array.from({ length: 20 }, () => {
    const totals = { cost: 0, ms: 0, strongCost: 0, strongMs: 0 };
    for (let n = 0; n < 1_000; n += 1) {
      const at = random();
      const taskClass = at < 0.6 ? 'simple' : at < 0.9 ? 'complex' : 'specialised';
      const { model } = route({
        class: taskClass,
        tier: 'enterprise',
        priority: 'balanced',
        promptTokens: 700,
        maxOutputTokens: 300,
        models,
        available: all,
      });
      const usage = { inputTokens: 700, outputTokens: 300 };
      const noise = Math.exp(0.4 * normal());
      for (const spec of models) {
        if (spec.id === model) {
          totals.cost += costMicroUsd(spec, usage) / 1e6;
          totals.ms += spec.typicalLatencyMs * noise;
        }
        if (spec.id === 'gpt-4') {
          totals.strongCost += costMicroUsd(spec, usage) / 1e6;
          totals.strongMs += spec.typicalLatencyMs * noise;
        }
      }
    }
    return totals;
  });
  const of = (field: keyof (typeof days)[number]) => days.map((day) => day[field] / 1_000);
  const saved = days.map(({ cost, strongCost }) => 1 - cost / strongCost);
  const sooner = days.map(({ ms, strongMs }) => 1 - ms / strongMs);
  console.log(
    `mix ${mix.map(([name, part]) => `${name} ${part}`).join(', ')}; 20 runs of 1,000 requests of 700 + 300 tokens`,
  );
  console.log(
    `cost: all gpt-4 $${interval(of('strongCost'))}, routed $${interval(of('cost'))}, less by ${interval(saved)} (the seed: $0.05, $0.011, 0.78)`,
  );
  console.log(
    `latency in ms: all gpt-4 ${interval(of('strongMs'), 0)}, routed ${interval(of('ms'), 0)}, less by ${interval(sooner)} (the seed: 3200, 2100, 0.34)`,
  );
  const started = performance.now();
  for (let n = 0; n < 1_000; n += 1) classifyByRules(`What is the capital of country ${n}?`);
  console.log(`the rules decide in ${(performance.now() - started).toFixed(0)} µs`);
}

/** Mean and 95 % interval of the mean, by Student's t of 19 degrees of freedom. */
function interval(values: readonly number[], digits = 4): string {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  const half = 2.093 * Math.sqrt(variance / values.length);
  return `${middle.toFixed(digits)} [${(middle - half).toFixed(digits)}, ${(middle + half).toFixed(digits)}]`;
}
