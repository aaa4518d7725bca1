import { describe, expect, it } from '@jest/globals';
import { models } from '../../contract/index.js';
import { mulberry32 } from '../../test/support/random.js';
import { builtInModel } from './built-in-model.js';
import { calibrateOnClasses, calibrateOnOutcomes, type OutcomePrompt } from './calibrate.js';
import { measureConfusion, ofSet } from './confusion.js';
import { curveSvg } from './curve-svg.js';
import { difficultyModel, difficultyOf } from './difficulty-model.js';
import { asOutcomes, evaluatePolicies } from './evaluate-classes.js';
import { evaluateOutcomes } from './evaluate-outcomes.js';
import { projectPrompts } from './project-prompts.fixture.js';
import { PromptFileError, readPrompts } from './read-prompts.js';
import { apgr, qualityAt, routingCurve, shareNeeded } from './routing-curve.js';
import { classifyByModel, needOf } from './trained-classifier.js';

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

describe('the built-in classifier', () => {
  const train = ofSet(projectPrompts, 'train');
  const heldOut = ofSet(projectPrompts, 'held-out');

  it('is what its training prompts make of it, to the byte', () => {
    const fitted = calibrateOnClasses(train, builtInModel.trainedOn);
    expect(JSON.stringify(fitted)).toBe(JSON.stringify(builtInModel));
    expect(builtInModel).toMatchObject({ trainedOn: 'prompts.jsonl of this project', prompts: train.length });
  });

  it('classifies more than 65 % of the prompts that are held out as labelled, and takes nothing else for code', () => {
    const { accuracy, matrix } = measureConfusion(heldOut, (prompt) => classifyByModel(builtInModel, prompt).class);
    expect(accuracy).toBeGreaterThan(0.65);
    expect([matrix.simple.specialised, matrix.medium.specialised, matrix.complex.specialised]).toEqual([0, 0, 0]);
  });

  it('keeps the quality with fewer strong calls than by length, and by chance', () => {
    const { routers } = evaluateOutcomes(asOutcomes(heldOut), (prompt) => needOf(builtInModel, prompt));
    const [ours = 1, length = 1, random = 1] = routers.map(({ shareNeeded }) => shareNeeded);
    expect(ours / random).toBeLessThan(0.85);
    expect(ours / length).toBeLessThan(0.95);
    for (const { within } of routers) expect(within.shareNeeded).toBeLessThan(0.06);
  });

  it('costs less when it routes than the strong model for all, and keeps more than the cheap one', () => {
    const classify = (prompt: string) => classifyByModel(builtInModel, prompt).class;
    const [routed, strong, cheap] = evaluatePolicies(heldOut, classify, models);
    expect(routed?.costUsd).toBeLessThan(0.7 * (strong?.costUsd ?? 0));
    expect(routed?.quality).toBeGreaterThan((cheap?.quality ?? 1) + 0.25);
    expect(strong?.quality).toBe(1);
  });
});

it('reads prompts of either kind, and names the line that is neither', () => {
  expect(readPrompts('f', '{"prompt":"a","class":"simple"}\n').kind).toBe('classes');
  expect(readPrompts('f', '{"prompt":"a","weak":true,"strong":0.5}\n').kind).toBe('outcomes');
  expect(() => readPrompts('f', '{"prompt":"a","class":"simple"}\n{"prompt":"b"}')).toThrow(/^f:2: class /);
  expect(() => readPrompts('f', '{"prompt":"a","class":"simple"}\nx')).toThrow('f:2: is not JSON.');
  expect(() => readPrompts('f', '\n')).toThrow(PromptFileError);
});

it('reads a file as an editor on Windows writes it', () => {
  const { prompts } = readPrompts('f', '\uFEFF{"prompt":"a","class":"simple"}\r\n{"prompt":"b","class":"complex"}\r\n');
  expect(prompts).toHaveLength(2);
});

it.each([
  ['prompt,weak,strong\n"a",1,0', 'f:1: is not JSON. A line is {"prompt", "class"} or'],
  ['[{"prompt":"a","class":"simple"}]', 'f:1: is a list. A line is'],
  ['{"question":"a","label":1}', 'f:1: has "question", "label". A line is'],
  ['{"prompt":"a","strong":1}', 'f:1: weak must be true, false, or a number from 0 to 1, and is missing.'],
  ['{"prompt":"a","weak":"0.5","strong":1}', 'f:1: weak must be true, false, or a number from 0 to 1, and is "0.5".'],
  ['{"prompt":"a","weak":0,"strong":7}', 'f:1: strong must be true, false, or a number from 0 to 1, and is 7.'],
  ['{"prompt":"a","class":"hard"}', 'f:1: class must be one of simple, medium, complex, specialised, and is "hard".'],
  ['{"prompt":" ","class":"simple"}', 'f:1: prompt must say something, and is " ".'],
  [
    '{"prompt":"a","class":"simple","set":"test"}',
    'f:1: set must be one of train, held-out, or left out, and is "test".',
  ],
])('says of another file what it has and what is wanted: %s', (text, message) => {
  expect(() => readPrompts('f', text)).toThrow(message);
});
