import { describe, expect, it } from '@jest/globals';
import { toolLimits } from '../../contract/index.js';
import { calculate, calculator } from './calculator.js';

describe('the calculator', () => {
  it.each([
    ['2 + 3 * 4', '14'],
    ['12.5% of 840', '105'],
    ['0.1 + 0.2', '0.3'],
    ['sqrt(2)^2', '2'],
    ['(17 - 4) / 2', '6.5'],
    ['max(3, 2^4) + 5! - 7 mod 4', '133'],
    ['round(2 * pi * 6371)', '40030'],
    ['-2^2', '-4'],
    ['1e3 * 2.5', '2500'],
    // Rounded to twelve digits it was 1524155677490.
    ['1234567 * 1234567', '1524155677489'],
    ['12345678901.25 * 2', '24691357802.5'],
    ['(0.1 + 0.7) * 10', '8'],
  ])('gives %s = %s', async (expression, value) => {
    expect(await calculate(expression)).toBe(value);
  });

  it.each([
    ['2 +', /cannot be calculated/],
    ['1 / 0', /no finite number/],
    ['"a"', /no finite number/],
    ['import({a: 1})', /not allowed/],
    ['evaluate("1+1")', /not allowed/],
    ['f(x) = x', /function assignment is not allowed/],
    ['f(n) = n < 1 ? 1 : f(n-1) + f(n-1); f(60)', /block is not allowed/],
    ['combinations(2e9, 1e9)', /"combinations" is not allowed; there are abs, /],
    ['sqrt(-1)', /no finite number/],
    ['sqrt', /no finite number/],
    ['[1, 2]', /array is not allowed/],
    ['cos.constructor("return process")()', /cannot be calculated/],
  ])('refuses %s', async (expression, message) => {
    await expect(calculate(expression)).rejects.toThrow(message);
  });

  it('takes no expression over the limit', async () => {
    const expression = `1${'+1'.repeat(toolLimits.expressionCharacters)}`;
    await expect(calculator.invoke({ expression })).rejects.toThrow();
  });
});
