import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { mulberry32 } from '../../test/support/random.js';
import { calibrateOnClasses, calibrateOnOutcomes, type OutcomePrompt } from './calibrate.js';
import { type LabelledPrompt, measureConfusion } from './confusion.js';
import { curveSvg } from './curve-svg.js';
import { difficultyModel, difficultyOf } from './difficulty-model.js';
import { evaluateOutcomes } from './evaluate-outcomes.js';
import { PromptFileError, readPrompts } from './read-prompts.js';
import { apgr, qualityAt, routingCurve, shareNeeded } from './routing-curve.js';
import { classifyByModel } from './trained-classifier.js';

type FixturePrompt = LabelledPrompt & { readonly set: 'tuned' | 'held-out' };
const labelled = readFileSync(new URL('prompts.fixture.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): FixturePrompt => JSON.parse(line));
const ofSet = (wanted: FixturePrompt['set']) => labelled.filter(({ set }) => set === wanted);

describe('a curve of quality by share of strong calls', () => {
  const prompts = [
    { weak: 0, strong: 1, score: 3 },
    { weak: 1, strong: 1, score: 2 },
    { weak: 0, strong: 1, score: 1 },
    { weak: 1, strong: 1, score: 0 },
  ];

  it('starts with the weak model, ends with the strong one, and sends the highest scores first', () => {
    const curve = routingCurve(prompts);
    expect(curve.map(({ quality }) => quality)).toEqual([0.5, 0.75, 0.75, 1, 1]);
    expect(shareNeeded(curve, 0.75)).toBe(0.25);
    expect(shareNeeded(curve, 0.875)).toBe(0.625);
    expect(shareNeeded(curve, 0.4)).toBe(0);
    expect(shareNeeded(curve, 1.1)).toBe(1);
    expect(qualityAt(curve, 0.125)).toBe(0.625);
  });

  it('gives a choice that knows nothing a straight line, whatever the order of the prompts', () => {
    const blind = routingCurve(prompts.map((prompt) => ({ ...prompt, score: 7 })));
    expect([apgr(blind), shareNeeded(blind, 0.75)]).toEqual([0.5, 0.5]);
    expect(apgr(routingCurve(prompts))).toBeGreaterThan(0.5);
  });
});

/** Long, negated prompts need the strong model, of subjects whose words have nothing in common. */
function outcomes(subject: string, count: number, seed: number): OutcomePrompt[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, i) => {
    const hard = random() < 0.5;
    const prompt = hard
      ? `Of the statements on ${subject} ${i}, none of which is not disputed, he would say that they do not all hold; which of them must, given the others, never be false for every ${subject}.`
      : `What is ${subject} ${i}?`;
    return { prompt, weak: random() < (hard ? 0.2 : 0.9), strong: random() < 0.95 };
  });
}

describe('a classifier fitted to outcomes', () => {
  const training = outcomes('botany', 300, 1);
  const model = calibrateOnOutcomes(training, 'botany');

  it('is the same to the byte, in whatever order its log comes', () => {
    expect(JSON.stringify(calibrateOnOutcomes(training, 'botany'))).toBe(JSON.stringify(model));
    const backwards = calibrateOnOutcomes([...training].reverse(), 'botany');
    for (const [i, weight] of backwards.weights.entries()) expect(weight).toBeCloseTo(model.weights[i] ?? 0, 5);
  });

  it('keeps the quality with fewer strong calls than chance, on a subject that it has not seen', () => {
    const { routers } = evaluateOutcomes(outcomes('sailing', 300, 2), (prompt) => difficultyOf(model, prompt));
    const [ours, , random] = routers;
    expect((ours?.shareNeeded ?? 1) / (random?.shareNeeded ?? 1)).toBeLessThan(0.8);
    expect(ours?.apgr).toBeGreaterThan(0.6);
    expect(curveSvg(routers)).toMatch(/^<svg [\s\S]*(<polyline[^>]*>\s*){3}[\s\S]*<\/svg>\n$/);
  });

  it('is written as JSON and read again, and says what makes a prompt hard', () => {
    const read = difficultyModel.parse(JSON.parse(JSON.stringify(model)));
    const [hardest] = training
      .map(({ prompt }) => ({ prompt, difficulty: difficultyOf(read, prompt) }))
      .sort((one, other) => other.difficulty - one.difficulty);
    const told = classifyByModel(read, hardest?.prompt ?? '');
    expect(told.class).toBe('complex');
    expect(told.reasons[0]).toMatch(/^difficulty 0\.\d\d, of a model fitted to botany$/);
    expect(told.reasons).toContain('negations');
    expect(classifyByModel(read, 'What is botany 7?').class).toBe('simple');
    expect(difficultyModel.safeParse({ ...model, weights: [] }).success).toBe(false);
  });
});

describe('a classifier fitted to classes', () => {
  const model = calibrateOnClasses(ofSet('tuned'), 'prompts.fixture.jsonl');

  it('classifies at least 70 % of prompts that it was not fitted to', () => {
    const { accuracy } = measureConfusion(ofSet('held-out'), (prompt) => classifyByModel(model, prompt).class);
    expect(accuracy).toBeGreaterThanOrEqual(0.7);
  });
});

it('reads prompts of either kind, and names the line that is neither', () => {
  expect(readPrompts('f', '{"prompt":"a","class":"simple"}\n').kind).toBe('classes');
  expect(readPrompts('f', '{"prompt":"a","weak":true,"strong":0.5}\n').kind).toBe('outcomes');
  expect(() => readPrompts('f', '{"prompt":"a","class":"simple"}\n{"prompt":"b"}')).toThrow(/^f:2: class /);
  expect(() => readPrompts('f', '{"prompt":"a","class":"simple"}\nx')).toThrow('f:2: is not JSON.');
  expect(() => readPrompts('f', '\n')).toThrow(PromptFileError);
});
