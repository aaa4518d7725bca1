import { describe, expect, it } from '@jest/globals';
import { findExpression } from './arithmetic.js';

describe('findExpression', () => {
  it.each([
    ['What is 2 + 2?', '2 + 2'],
    ['calculate 3*(4+1) please', '3*(4+1)'],
    ['12 times 7', '12 * 7'],
    ['What is 15% of 200?', '15 / 100 * 200'],
    ['how much is 1,250 divided by 5 plus 2', '1250 / 5 + 2'],
    ['the square root of 144', 'sqrt(144)'],
    ['What is 2 to the power of 10?', '2 ^ 10'],
    ['5 squared', '5 ^2'],
    ['If I have 3 boxes of 12 - 4 apples, how many?', '12 - 4'],
    ["What's 10-3?", '10-3'],
    ['(1.5 + 2) * -3', '(1.5 + 2) * -3'],
    ['What is 7 % 3', '7 % 3'],
  ])('finds in "%s" the expression %s', (text, expression) => {
    expect(findExpression(text)?.expression).toBe(expression);
  });

  it.each([
    'What happened on 2024-05-01?',
    'Is support there 24/7?',
    'What changed in version 1.2.3?',
    'Allow 10-20 replicas',
    'How many replicas has chat?',
    'Call 555-123-4567',
    'What is 2024-05-01?',
    'I have 3 cats (and 2 dogs)',
  ])('finds none in "%s"', (text) => {
    expect(findExpression(text)).toBeUndefined();
  });

  it('tells what is left of the text', () => {
    expect(findExpression('What is 6 * 7 and who wrote the guide?')?.rest).toBe('What is   and who wrote the guide?');
  });

  it('takes as long as the text is: 32,000 zeros took 7 s, in which the process answered nobody', () => {
    const before = process.cpuUsage();
    for (const unit of ['0', '(', ' ', '1 ', '0.', '1-', '<a ', 'squared ']) {
      const text = unit.repeat(32_000).slice(0, 32_000);
      findExpression(text);
      findExpression(`${text}+1`);
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });
});
