import { expect, it } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import { parseAmount, parseName, parseShare } from './option-values.js';

it('takes a name as it is, and none that is blank: nobody could be told from another by it', () => {
  expect(parseName(' ada ')).toBe(' ada ');
  for (const blank of ['', ' ', '\t\n']) expect(() => parseName(blank)).toThrow(InvalidArgumentError);
});

it('takes all for a share, and tells who writes percents what they mean', () => {
  expect([parseShare('0.15'), parseShare('1')]).toEqual([0.15, 1]);
  for (const percent of ['15', '15%', '15 %']) expect(() => parseShare(percent)).toThrow(/write 0\.15 for 15 %\.$/);
  for (const text of ['0', '-0.1', '1.0001', 'NaN', 'Infinity', '', ' ', '150%', 'all']) {
    expect(() => parseShare(text)).toThrow(InvalidArgumentError);
  }
});

it('takes nothing for an amount, and less for none', () => {
  expect([parseAmount('0'), parseAmount('2.5')]).toEqual([0, 2.5]);
  for (const text of ['-1', 'NaN', 'Infinity', '', ' ', '1 %']) {
    expect(() => parseAmount(text)).toThrow(InvalidArgumentError);
  }
});
