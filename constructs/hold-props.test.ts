import { expect, test } from '@jest/globals';
import { Construct } from 'constructs';
import * as z from 'zod';
import { emptyChart } from '../test/support/cluster.js';
import { holdProps, PropsError } from './hold-props.js';

const schema = z.object({
  size: z.int('must be a whole number'),
  names: z.record(z.string().regex(/^[a-z]+$/, 'must be lower case'), z.string()),
});
const construct = new Construct(emptyChart(), 'cache');

function problem(props: object): unknown {
  try {
    holdProps(construct, schema, props);
  } catch (error) {
    return error;
  }
  return undefined;
}

test('tells of every bad prop where it is, what it is and what is allowed, after the construct’s path', () => {
  const error = problem({ size: Number.NaN, names: { Ada: 'x' }, more: 1 });
  expect(error).toBeInstanceOf(PropsError);
  expect(String(error)).toBe(
    'PropsError: test/cache:\n  size: NaN must be a whole number\n  names: "Ada" must be lower case',
  );
});

test('lets props be that it is not told of', () => {
  expect(problem({ size: 1, names: {}, more: 1 })).toBeUndefined();
});

test('cuts a long value, which would hide what is said of it', () => {
  expect(String(problem({ size: 'x'.repeat(500), names: {} }))).toMatch(
    /^.*\n {2}size: "x{99}… must be a whole number$/,
  );
});

test('tells of a construct where another value belongs, and of a number that JSON has not', () => {
  expect(String(problem({ size: construct, names: {} }))).toMatch(/size: \S+.* must be a whole number$/);
  expect(String(problem({ size: 1n, names: {} }))).toMatch(/size: 1 must be a whole number$/);
});
