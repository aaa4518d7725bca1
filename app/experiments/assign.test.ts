import { describe, expect, it } from '@jest/globals';
import { assignVariant } from './assign.js';
import { experimentSchema } from './experiment.js';
import { compareProportions } from './two-proportions.js';

const units = Array.from({ length: 5_000 }, (_, i) => `user-${i}`);

function experiment(shares: Readonly<Record<string, number>>, name = 'tone') {
  const variants = Object.entries(shares).map(([variant, share]) => ({ name: variant, share }));
  return experimentSchema.parse({ name, variants, metrics: [{ name: 'answer_score', kind: 'mean' }] });
}

function assignments(of: ReturnType<typeof experiment>): string[] {
  return units.map((unit) => assignVariant(of, unit).name);
}

/** Half the width of the interval that a share of `units` falls out of once in 15,000 times. */
const tolerance = (share: number) => 4 * Math.sqrt((share * (1 - share)) / units.length);

describe('assignment to variants', () => {
  it('is stable from release to release', () => {
    const of = experiment({ control: 0.5, terse: 0.3, kind: 0.2 });
    expect(['ada', 'grace', 'alan', 'edsger', 'barbara'].map((unit) => assignVariant(of, unit).name)).toEqual([
      'terse',
      'control',
      'control',
      'control',
      'control',
    ]);
  });

  it('does not depend on the order of the variants', () => {
    const one = experiment({ control: 0.5, terse: 0.3, kind: 0.2 });
    const other = experiment({ kind: 0.2, control: 0.5, terse: 0.3 });
    expect(assignments(one)).toEqual(assignments(other));
  });

  it('gives each variant its share', () => {
    const shares = { control: 0.5, terse: 0.3, kind: 0.199, rare: 0.001 };
    const assigned = assignments(experiment(shares));
    for (const [variant, share] of Object.entries(shares)) {
      const measured = assigned.filter((name) => name === variant).length / units.length;
      expect(Math.abs(measured - share)).toBeLessThan(tolerance(share));
    }
  });

  it('gives nothing to a variant of share 0', () => {
    expect(new Set(assignments(experiment({ control: 1, terse: 0 })))).toEqual(new Set(['control']));
  });

  it('leaves everyone in a treatment there when treatments grow at the cost of the control', () => {
    const before = assignments(experiment({ control: 0.8, terse: 0.1, kind: 0.1 }));
    const after = assignments(experiment({ control: 0.4, terse: 0.3, kind: 0.3 }));
    const moved = before.filter((variant, i) => variant !== after[i]);
    expect(new Set(moved)).toEqual(new Set(['control']));
    expect(Math.abs(moved.length / units.length - 0.4)).toBeLessThan(tolerance(0.4));
  });

  it('is independent between experiments', () => {
    // Pearson's test of each pair's table; of 28 pairs, one below 1e-5 comes by chance once in 3,500 runs.
    const names = ['tone', 'tone2', 'chunks', 'a', 'b', 'model', 'x1', 'x2'];
    const assigned = names.map((name) => assignments(experiment({ a: 0.3, b: 0.7 }, name)));
    const pValues = assigned.flatMap((one, i) =>
      assigned.slice(i + 1).map((other) => {
        const of = (variant: string) => other.filter((_, k) => one[k] === variant);
        const [first, second] = [of('a'), of('b')].map((those) => ({
          units: those.length,
          successes: those.filter((variant) => variant === 'a').length,
        }));
        return first && second ? compareProportions(first, second, 0.05).pValue : 0;
      }),
    );
    expect(pValues).toHaveLength(28);
    expect(Math.min(...pValues)).toBeGreaterThan(1e-5);
    // What depends is found: an experiment and itself.
    expect(compareProportions({ units: 1_500, successes: 1_500 }, { units: 3_500, successes: 0 }, 0.05).pValue).toBe(0);
  });

  it('does not let the names of experiment and unit run together', () => {
    const split = (name: string, unit: string) =>
      Array.from(
        { length: 64 },
        (_, i) => assignVariant(experiment({ a: 0.5, b: 0.5 }, name), `${unit}${i}`).name,
      ).join('');
    expect(split('ab', 'c')).not.toBe(split('a', 'bc'));
  });
});
