import { describe, expect, it } from '@jest/globals';
import { assignVariant } from './assign.js';
import { experimentSchema } from './experiment.js';

const units = Array.from({ length: 5_000 }, (_, i) => `user-${i}`);

function experiment(shares: Readonly<Record<string, number>>, name = 'tone') {
  const variants = Object.entries(shares).map(([variant, share]) => ({ name: variant, share }));
  return experimentSchema.parse({ name, variants, metric: 'answer_score' });
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
    const [tone, chunks] = ['tone', 'chunks'].map((name) => assignments(experiment({ a: 0.5, b: 0.5 }, name)));
    const both = units.filter((_, i) => tone?.[i] === 'b' && chunks?.[i] === 'b').length / units.length;
    expect(Math.abs(both - 0.25)).toBeLessThan(tolerance(0.25));
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
