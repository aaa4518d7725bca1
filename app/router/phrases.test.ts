import { describe, expect, it } from '@jest/globals';
import { PhrasedText, Phrases } from './phrases.js';

describe('phrases', () => {
  it.each([
    ['why', 'WHY not?', true],
    ['why', 'Whymper climbed it', false],
    ['explain', "l'explain", true],
    ['erklär*', 'Erkläre mir das', true],
    ['erklär*', 'Er klärt das', false],
    ['wäg*', 'Wäge ab', true],
    ['step_by_step', 'Do it step-by-step.', true],
    ['step_by_step', 'Step by', false],
    ['como_funciona*', 'Como funcionam os ímãs?', true],
    ['dov’è', 'DOV’È il mare?', true],
    ['in_Go', 'Write it in Go', true],
    ['in_Go', 'It is in go.', false],
    ['Java*', 'Javassa', true],
    ['Java*', 'java', false],
    ['Python*', '用Python写', true],
    ['解释', '请解释一下', true],
    ['دالة', 'اكتب الدالة', true],
    ['почему', 'Почему так?', true],
    ['', 'anything', false],
  ])('%s in %j: %s', (written, text, stands) => {
    expect(new PhrasedText(text).has(new Phrases(written))).toBe(stands);
  });

  it('are each told apart from the others that a text has too', () => {
    const [one, other, neither] = [new Phrases('a b_c'), new Phrases('b c_d'), new Phrases('c_b')];
    const text = new PhrasedText('b c');
    expect([one, other, neither].map((phrases) => text.has(phrases))).toEqual([true, true, false]);
  });
});
