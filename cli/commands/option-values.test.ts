import { expect, it } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import { parseName } from './option-values.js';

it('takes a name as it is, and none that is blank: nobody could be told from another by it', () => {
  expect(parseName(' ada ')).toBe(' ada ');
  for (const blank of ['', ' ', '\t\n']) expect(() => parseName(blank)).toThrow(InvalidArgumentError);
});
