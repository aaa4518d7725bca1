import { seededRandom } from '../../../app/canary/seeded-random.fixture.js';

const ALPHAS = [0.01, 0.05, 0.1];

/**
 * Cases of every method, `count` of each, the same for the same seed: small and large samples, skewed values, no effect and large ones, and the ends of what
 * there is: one unit and a thousand million, none and all of them, values that are all the same, values a thousand times as far from 0 as from each other.
 */
export function randomCases(count: number, seed: number) {
  const random = seededRandom(seed);
  const within = (low: number, high: number) => low + random() * (high - low);
  const whole = (low: number, high: number) => Math.floor(within(low, high + 1));
  /** Sizes are spread evenly over their orders of magnitude. */
  const size = (low: number, high: number) => Math.round(low * (high / low) ** random());
  const draw = (units: number, scale: number, shift: number) =>
    Array.from({ length: units }, () => shift - scale * Math.log1p(-random()));
  const pick = <T>(of: readonly T[]): T => of[whole(0, of.length - 1)] as T;
  const alpha = () => pick(ALPHAS);
  const isAtEnd = () => random() < 0.1;
  const cases = <T>(make: () => T): T[] => Array.from({ length: count }, make);

  return {
    proportions: cases(() => {
      const share = random() ** 3;
      const arm = () => {
        const units = size(1, 1_000_000_000);
        const drawn = Math.round(units * Math.min(1, share * within(0.9, 1.1)));
        return [isAtEnd() ? pick([0, units]) : drawn, units] as [number, number];
      };
      return { control: arm(), treatment: arm(), alpha: alpha() };
    }),
    means: cases(() => {
      const from = isAtEnd() ? 1_000 : 0;
      return {
        control: draw(size(2, 3_000), isAtEnd() ? 0 : within(0.1, 5), from),
        treatment: draw(size(2, 3_000), within(0.1, 5), from + within(-0.5, 0.5)),
        alpha: alpha(),
      };
    }),
    sequential: cases(() => ({
      control: draw(size(10, 3_000), 1, 0),
      treatment: draw(size(10, 3_000), within(0.8, 1.2), within(-0.2, 0.2)),
      alpha: alpha(),
      tunedForUnits: size(500, 100_000),
    })),
    adjusted: cases(() => {
      const arm = (shift: number) => {
        const before = draw(size(10, 1_000), 1, 0);
        return { before, after: before.map((value) => 0.8 * value + shift - Math.log1p(-random())) };
      };
      const [control, treatment] = [arm(0), arm(within(-0.3, 0.3))];
      return {
        control: control.after,
        controlBefore: control.before,
        treatment: treatment.after,
        treatmentBefore: treatment.before,
        alpha: alpha(),
      };
    }),
    quantiles: cases(() => ({
      control: draw(size(150, 3_000), 1, 0),
      treatment: draw(size(150, 3_000), within(0.8, 1.2), 0),
      level: within(0.1, 0.95),
      alpha: alpha(),
    })),
    sample_ratio: cases(() => {
      const weights = Array.from({ length: whole(2, 5) }, () => within(0.1, 1));
      const shares = weights.map((weight) => weight / weights.reduce((sum, one) => sum + one, 0));
      const total = size(1, 1_000_000_000);
      return {
        shares,
        // No fewer than one, for of none at all the others say that they do not know.
        units: shares.map((share) => Math.max(1, Math.round(total * share + within(-2, 2) * Math.sqrt(total * share)))),
      };
    }),
    holm: cases(() => ({ pValues: Array.from({ length: whole(1, 8) }, () => random() ** 3) })),
    power: cases(() => ({
      before: within(0.02, 0.9),
      after: within(0.02, 0.9),
      units: size(10, 10_000),
      effect: within(0.01, 1),
      alpha: alpha(),
    })),
  };
}
