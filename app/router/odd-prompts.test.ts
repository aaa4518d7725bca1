import { describe, expect, it } from '@jest/globals';
import type { TaskClass } from '../../contract/index.js';
import { builtInModel } from './built-in-model.js';
import { classifyByRules } from './rule-classifier.js';
import { classifyByModel } from './trained-classifier.js';

const fox = 'The quick brown fox jumps over the lazy dog. ';

/** Of kinds that no classifier was fitted to. */
const ODD: Readonly<Record<TaskClass, readonly string[]>> = {
  simple: [
    ...['', '   \n\t ', '.', '???', '👍', '😂😂😂😂😂😂', '\u0000\u0001', 'asdf', 'thx', 'No.'],
    ...['a'.repeat(50_000), '0'.repeat(50_000), '2+2', '12 * 14 = ?', '√144', 'WHAT IS THE CAPITAL OF PERU'],
    ...['ประเทศไทยมีกี่จังหวัด', 'მიპასუხე: ვინ არის ავტორი?', 'מהי בירת צרפת?', 'Πόσα μέτρα έχει ένα χιλιόμετρο;'],
    'The sonata in C, which key is its second movement in?',
    'Who discovered rust on iron?',
    'Is the red button in string cheese edible?',
  ],
  medium: [
    ...['EXPLAIN HOW A TOASTER WORKS', 'ทำไมท้องฟ้าเป็นสีฟ้า', 'הסבר איך פועל מקרר'],
    ...['How many people live in Java, and why so many?', `Summarise this: ${fox.repeat(1_100)}`],
  ],
  complex: [
    'Let G be a finite group of order p^2. Prove that G is abelian.',
    '∀x∃y (x<y) → ∃y∀x (x<y) valid? prove or refute',
    'Solve \\(\\frac{dy}{dx} = y^2 \\sin x\\) with y(0)=1',
    'COMPARE NATO AND THE UN AND SAY WHICH MATTERS MORE',
    '宇宙の起源についての二つの理論を比較し、どちらが妥当か論じなさい。',
  ],
  specialised: [
    ...['#!/bin/sh\nset -e\ncd /srv && tar xf a.tgz', '<div class="a"><span>hi</span></div>', '{"a":1,"b":[1,2,3]}'],
    ...['SELECT 1;', '(defun f (x) (* x x))', 'main :: IO ()\nmain = putStrLn "hi"', 'mov eax, 1\nint 0x80'],
    ...['for(i=0;i<10;i++)console.log(i)', 'curl -X POST http://localhost:8080 -d @body.json'],
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b',
  ],
};
const cases = Object.entries(ODD).flatMap(([name, prompts]) =>
  prompts.map((prompt) => [name, prompt.slice(0, 40), prompt] as const),
);

describe('prompts of kinds that nothing was fitted to', () => {
  it.each(cases)('are taken for %s: %j', (name, _, prompt) => {
    expect(classifyByModel(builtInModel, prompt).class).toBe(name);
  });

  it.each([
    ['a', 1],
    ['0', 1],
    [' ', 1],
    ['\n', 1],
    ['_', 1],
    ['あ', 1],
    ['is or ', 6],
    ['"a: ', 4],
    ['<a (', 4],
    ['a.', 2],
    ['{ ; ', 4],
  ])('take ten times as long when they are ten times as long, made to be slow: %j', (part, length) => {
    const leastMs = (characters: number) => {
      const prompt = part.repeat(characters / length);
      const times = Array.from({ length: 7 }, () => {
        const started = performance.now();
        classifyByModel(builtInModel, prompt);
        classifyByRules(prompt);
        return performance.now() - started;
      });
      return Math.min(...times);
    };
    // A pattern that tries every way to choose two places takes a hundred times as long.
    expect(leastMs(3_600) / Math.max(leastMs(360), 0.2)).toBeLessThan(50);
  });
});
