import { describe, expect, test } from '@jest/globals';
import { byteQuantity, bytesOf, cpuQuantity, decimalQuantity } from './quantity.js';

describe('quantities', () => {
  test('of memory are binary', () => {
    expect([bytesOf('1Mi'), bytesOf('2Gi'), bytesOf('1Ti')]).toEqual([1_048_576, 2_147_483_648, 1_099_511_627_776]);
    expect(['10G', '1.5Gi', '-1Gi', '0Mi', 'many'].filter((text) => byteQuantity.safeParse(text).success)).toEqual([]);
  });

  test('of CPU are cores or thousandths', () => {
    expect(['1', '250m'].every((text) => cpuQuantity.safeParse(text).success)).toBe(true);
    expect(['0.5', '1 core', '0', '-1'].filter((text) => cpuQuantity.safeParse(text).success)).toEqual([]);
  });

  test('that are no whole number are written in thousandths, as Kubernetes does', () => {
    expect([10, 1, 0.5, 0.0125].map((value) => decimalQuantity(value).value)).toEqual(['10', '1', '500m', '13m']);
  });
});
