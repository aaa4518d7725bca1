import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { builtInModel } from '../app/router/built-in-model.js';
import { calibrateOnClasses, calibrateOnOutcomes, KEPT_QUALITY } from '../app/router/calibrate.js';
import { formatConfusion, type LabelledPrompt, measureConfusion, ofSet } from '../app/router/confusion.js';
import { curveSvg } from '../app/router/curve-svg.js';
import { type DifficultyModel, difficultyModel } from '../app/router/difficulty-model.js';
import { ANSWER_TOKENS, asOutcomes, CHEAP_ANSWER_WORTH, evaluatePolicies } from '../app/router/evaluate-classes.js';
import { evaluateOutcomes, type OutcomeEvaluation } from '../app/router/evaluate-outcomes.js';
import { PromptFileError, readPrompts } from '../app/router/read-prompts.js';
import { requireContrast } from '../app/router/require-contrast.js';
import { classifyByRules } from '../app/router/rule-classifier.js';
import { classifyByModel, needOf } from '../app/router/trained-classifier.js';
import { wilsonInterval } from '../app/semantic-cache/wilson-interval.js';
import { models, type TaskClass } from '../contract/index.js';
import { EXIT_USAGE } from './exit-codes.js';

export interface EvalOptions {
  /** A model that `armature route calibrate` wrote. @default the built-in one */
  readonly model?: string;
  /** Judge the rules that stand in for a model. */
  readonly rules?: boolean;
  /** Where to draw the curve. */
  readonly svg?: string;
}

type Classify = (prompt: string) => TaskClass;

/** `armature route eval FILE`: judges by the lines that are held out, where a file says which are. */
export function runRouteEval(file: string, { model, rules = false, svg }: EvalOptions): void {
  told(() => {
    const read = readPrompts(file, textOf(file));
    const fitted = model === undefined ? builtInModel : readModel(model);
    const classify: Classify = (prompt) => (rules ? classifyByRules(prompt) : classifyByModel(fitted, prompt)).class;
    const scoreOf = (prompt: string) => (rules ? RULE_SCORES[classify(prompt)] : needOf(fitted, prompt));
    const held = read.kind === 'classes' ? ofSet(read.prompts, 'held-out') : [];
    if (read.kind === 'classes' && held.length === 0)
      throw new PromptFileError(`${file}: each line has "set": "train". Lines to judge by have "held-out", or no set.`);
    const evaluation = evaluateOutcomes(read.kind === 'classes' ? asOutcomes(held) : read.prompts, scoreOf);
    print(read.kind === 'classes' ? describeClasses(held, classify, evaluation) : describe(evaluation));
    print(timed(read.prompts, scoreOf));
    if (svg !== undefined) write(svg, curveSvg(evaluation.routers));
  });
}

/** `armature route calibrate FILE`: fits a model and writes it, always the same bytes for the same file. Lines that are held out are left out. */
export function runRouteCalibrate(file: string, { out }: { readonly out: string }): void {
  told(() => {
    const read = readPrompts(file, textOf(file));
    requireContrast(file, read);
    const name = basename(file);
    const model =
      read.kind === 'outcomes'
        ? calibrateOnOutcomes(read.prompts, name)
        : calibrateOnClasses(ofSet(read.prompts, 'train'), name);
    write(out, `${JSON.stringify(model, null, 2)}\n`);
    print(`${out}: fitted to ${model.prompts} prompts; complex from ${model.complexFrom}`);
    if (model.prompts < FEW_PROMPTS)
      print(
        `${model.prompts} prompts say little about others: judge it by "route eval" on lines that it was not fitted to.`,
      );
  });
}

/** So many decide little more than chance does. */
const FEW_PROMPTS = 100;

/** The rules have no score, only an order. */
const RULE_SCORES = { simple: 0, medium: 1, specialised: 2, complex: 2 } as const;

function readModel(path: string): DifficultyModel {
  const text = textOf(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PromptFileError(`${path}: is not JSON. Write it by "armature route calibrate".`);
  }
  const parsed = difficultyModel.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PromptFileError(
    `${path}: ${issue?.path.join('.')} ${issue?.message}. Write it by "armature route calibrate".`,
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PromptFileError(`Cannot read "${path}": ${(error as Error).message}.`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new PromptFileError(`Cannot write to "${path}": ${(error as Error).message}.`);
  }
}

/** How well the classes are told, what routing by them costs, and how much quality it would keep. */
function describeClasses(prompts: readonly LabelledPrompt[], classify: Classify, outcomes: OutcomeEvaluation): string {
  const { matrix, accuracy, mistakes } = measureConfusion(prompts, classify);
  const { lower, upper } = wilsonInterval(prompts.length - mistakes.length, prompts.length);
  return [
    formatConfusion({ matrix, accuracy, mistakes }),
    `95 % interval ${percent(lower)} to ${percent(upper)}, of ${prompts.length} prompts`,
    '',
    `by the table's prices and latencies, ${ANSWER_TOKENS} tokens of answer, tier enterprise, priority balanced; a cheap answer is taken to be worth ${Object.entries(
      CHEAP_ANSWER_WORTH,
    )
      .map(([name, worth]) => `${worth} (${name})`)
      .join(', ')} of a strong one`,
    ...evaluatePolicies(prompts, classify, models).map(({ name, costUsd, latencyMs, quality }) =>
      row([name, `$${costUsd.toFixed(5)}`, `${Math.round(latencyMs)} ms`, `quality ${percent(quality)}`]),
    ),
    '',
    describe(outcomes),
  ].join('\n');
}

const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;
/** Half an interval; of a few prompts there may be none. */
const half = (width: number, digits: number) => `± ${Number.isNaN(width) ? '?' : width.toFixed(digits)}`;
const row = (cells: readonly string[]) =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(24))).join('');

function describe({ prompts, weakQuality, strongQuality, routers }: OutcomeEvaluation): string {
  if (strongQuality <= weakQuality)
    return `${prompts} prompts; the strong model is no better on them (${percent(strongQuality)}) than the weak one (${percent(weakQuality)}): there is nothing to route by`;
  return [
    `${prompts} prompts; all-weak keeps ${percent(weakQuality / strongQuality)} of the quality of all-strong (${percent(weakQuality)} of ${percent(strongQuality)})`,
    row(['', `strong for ${percent(KEPT_QUALITY)}`, 'APGR', 'kept at half strong']),
    ...routers.map(({ name, shareNeeded, apgr, keptAtHalf, within }) =>
      row([
        name,
        `${percent(shareNeeded)} ${half(100 * within.shareNeeded, 1)}`,
        `${apgr.toFixed(3)} ${half(within.apgr, 3)}`,
        `${percent(keptAtHalf)} ${half(100 * within.keptAtHalf, 1)}`,
      ]),
    ),
  ].join('\n');
}

function timed(prompts: readonly { readonly prompt: string }[], decide: (prompt: string) => unknown): string {
  const started = performance.now();
  for (const { prompt } of prompts) decide(prompt);
  return `${((1000 * (performance.now() - started)) / prompts.length).toFixed(0)} µs a decision`;
}

function told(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof PromptFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
