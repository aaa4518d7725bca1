import { describe, expect, it } from '@jest/globals';
import { leastTimeMs } from '../../test/support/least-time.js';
import { measureConfusion, ofSet, type PromptSet } from './confusion.js';
import { projectPrompts } from './project-prompts.fixture.js';
import { classifyByRules } from './rule-classifier.js';

const measure = (set: PromptSet) =>
  measureConfusion(ofSet(projectPrompts, set), (prompt) => classifyByRules(prompt).class);

describe('classification by rules', () => {
  it('classifies at least 75 % of the prompts that were in view when it was written, and 60 % of the others', () => {
    expect(measure('train').accuracy).toBeGreaterThanOrEqual(0.75);
    expect(measure('held-out').accuracy).toBeGreaterThanOrEqual(0.6);
  });

  it('takes no everyday prompt that was held out for code', () => {
    const { matrix } = measure('held-out');
    expect([matrix.simple.specialised, matrix.medium.specialised, matrix.complex.specialised]).toEqual([0, 0, 0]);
  });

  it.each([
    'What is the function of the heart?',
    'What is a class action lawsuit?',
    'Who imports the most coffee?',
    'Where is the Python snake native to?',
    'What is the return policy for shoes?',
    'Which string instruments are in a quartet?',
  ])('is not led astray by a word that programmers use too: %s', (prompt) => {
    expect(classifyByRules(prompt).class).toBe('simple');
  });

  it('matches whole words: a part of one says nothing', () => {
    expect(classifyByRules('Who sang Comparethemarket?').class).toBe('simple');
    expect(classifyByRules('Is an approver the one who improves it?').class).toBe('simple');
  });

  it('says what it saw', () => {
    expect(classifyByRules('Compare tea and coffee step by step.')).toEqual({
      class: 'complex',
      reasons: ['asks for analysis or judgement', 'asks for several steps'],
    });
    expect(classifyByRules('Hello!').reasons).toEqual(['is a short question']);
  });

  it('answers for an empty prompt', () => {
    expect(classifyByRules('').class).toBe('simple');
  });

  it('is quick on a prompt made to be slow', () => {
    const timeMs = (repeats: number) => leastTimeMs(() => classifyByRules('SELECT first ? 1 two ; { '.repeat(repeats)));
    // Twenty times the prompt: linear is 20 times the time, quadratic 400.
    expect(timeMs(2000) / Math.max(timeMs(100), 0.05)).toBeLessThan(150);
  });

  it('is not held up by a key held down: 4,000 zeros took 8 s, in which the process answered nobody', () => {
    const before = process.cpuUsage();
    for (const unit of ['0', '1 ', '0.', 'x', ' ', ';\n', 'two ']) classifyByRules(unit.repeat(32_000));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });
});
