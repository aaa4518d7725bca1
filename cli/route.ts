import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { calibrateOnClasses, calibrateOnOutcomes, KEPT_QUALITY } from '../app/router/calibrate.js';
import { formatConfusion, type LabelledPrompt, measureConfusion } from '../app/router/confusion.js';
import { curveSvg } from '../app/router/curve-svg.js';
import { type DifficultyModel, difficultyModel, difficultyOf } from '../app/router/difficulty-model.js';
import { evaluateOutcomes, type OutcomeEvaluation } from '../app/router/evaluate-outcomes.js';
import { PromptFileError, readPrompts } from '../app/router/read-prompts.js';
import { route } from '../app/router/route.js';
import { classifyByRules } from '../app/router/rule-classifier.js';
import { classifyByModel } from '../app/router/trained-classifier.js';
import { costMicroUsd, models } from '../contract/index.js';
import { EXIT_USAGE } from './exit-codes.js';

export interface EvalOptions {
  /** A model that `armature route calibrate` wrote. @default the rules */
  readonly model?: string;
  /** Where to draw the curve. */
  readonly svg?: string;
}

/** `armature route eval FILE` */
export function runRouteEval(file: string, { model, svg }: EvalOptions): void {
  told(() => {
    const read = readPrompts(file, textOf(file));
    const fitted = model === undefined ? undefined : readModel(model);
    if (read.kind === 'classes') return print(evaluateClasses(read.prompts, fitted));
    const scoreOf = fitted === undefined ? ruleScore : (prompt: string) => difficultyOf(fitted, prompt);
    const evaluation = evaluateOutcomes(read.prompts, scoreOf);
    print(describe(evaluation));
    print(timed(read.prompts, scoreOf));
    if (svg !== undefined) write(svg, curveSvg(evaluation.routers));
  });
}

/** `armature route calibrate FILE`: fits a model and writes it, always the same bytes for the same file. */
export function runRouteCalibrate(file: string, { out }: { readonly out: string }): void {
  told(() => {
    const read = readPrompts(file, textOf(file));
    const name = basename(file);
    const model =
      read.kind === 'outcomes' ? calibrateOnOutcomes(read.prompts, name) : calibrateOnClasses(read.prompts, name);
    write(out, `${JSON.stringify(model, null, 2)}\n`);
    print(`${out}: fitted to ${read.prompts.length} prompts; complex from ${model.complexFrom}`);
  });
}

/** The rules have no score, only an order. */
const RULE_SCORES = { simple: 0, medium: 1, specialised: 2, complex: 2 } as const;
const ruleScore = (prompt: string) => RULE_SCORES[classifyByRules(prompt).class];

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

/** Tokens of a prompt by its characters, and of an answer: what is compared is one route with another. */
const CHARACTERS_PER_TOKEN = 4;
const ANSWER_TOKENS = 300;

function evaluateClasses(prompts: readonly LabelledPrompt[], model: DifficultyModel | undefined): string {
  const classify = (prompt: string) => (model === undefined ? classifyByRules(prompt) : classifyByModel(model, prompt));
  const available = new Set(models.map(({ id }) => id));
  const all = { cost: 0, ms: 0 };
  for (const { prompt } of prompts) {
    const usage = { inputTokens: Math.ceil(prompt.length / CHARACTERS_PER_TOKEN), outputTokens: ANSWER_TOKENS };
    const chosen = route({
      class: classify(prompt).class,
      tier: 'premium',
      priority: 'balanced',
      promptTokens: usage.inputTokens,
      maxOutputTokens: usage.outputTokens,
      models,
      available,
    });
    const spec = models.find(({ id }) => id === chosen.model);
    if (spec === undefined) continue;
    all.cost += costMicroUsd(spec, usage);
    all.ms += spec.typicalLatencyMs;
  }
  const confusion = measureConfusion(prompts, (prompt) => classify(prompt).class);
  return [
    formatConfusion(confusion),
    `cost $${(all.cost / 1e6 / prompts.length).toFixed(5)} and ${Math.round(all.ms / prompts.length)} ms a prompt (tier premium, priority balanced, ${ANSWER_TOKENS} tokens of answer, the table's prices and latencies)`,
    timed(prompts, (prompt) => classify(prompt).class.length),
  ].join('\n');
}

function describe({ prompts, weakQuality, strongQuality, routers }: OutcomeEvaluation): string {
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(22))).join('');
  return [
    `${prompts} prompts; all-weak keeps ${percent(weakQuality / strongQuality)} of the quality of all-strong (${percent(weakQuality)} of ${percent(strongQuality)})`,
    row(['', `strong for ${percent(KEPT_QUALITY)}`, 'APGR', 'kept at half strong']),
    ...routers.map(({ name, shareNeeded, apgr, keptAtHalf }) =>
      row([name, percent(shareNeeded), apgr.toFixed(3), percent(keptAtHalf)]),
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
