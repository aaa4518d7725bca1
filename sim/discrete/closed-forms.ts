import { erlangC } from '../model/queueing.js';
import { exponential } from '../model/random.js';
import { type LineOptions, simulateLine } from './simulate-line.js';

/** A line whose mean wait is known. */
export interface ClosedForm {
  readonly name: string;
  readonly line: Pick<LineOptions, 'servers' | 'arrivalsPerSecond' | 'service'>;
  /** Mean wait of each class, in seconds. */
  readonly waits: readonly number[];
}

/** Mean service time of all of them. */
const S = 1;

/** Pollaczek and Khinchine: the wait at one server, by the second moment of the service. */
const pollaczek = (rate: number, secondMoment: number) => (rate * secondMoment) / (2 * (1 - rate * S));

/** Cobham (1954): the wait of each class at one server when the more urgent go first and none is interrupted. */
function cobham(rates: readonly number[], secondMoment: number): number[] {
  const residual = (rates.reduce((sum, rate) => sum + rate, 0) * secondMoment) / 2;
  return rates.map((_, i) => {
    const above = rates.slice(0, i).reduce((sum, rate) => sum + rate * S, 0);
    const withOwn = above + (rates[i] as number) * S;
    return residual / ((1 - above) * (1 - withOwn));
  });
}

const random = (mean: number) => (next: () => number) => exponential(next, mean);

export const CLOSED_FORMS: readonly ClosedForm[] = [
  { name: 'M/M/1', line: { servers: 1, arrivalsPerSecond: [0.7], service: random(S) }, waits: [0.7 / 0.3] },
  {
    name: 'M/M/8',
    line: { servers: 8, arrivalsPerSecond: [6.4], service: random(S) },
    waits: [erlangC(8, 6.4) / (8 - 6.4)],
  },
  { name: 'M/D/1', line: { servers: 1, arrivalsPerSecond: [0.7], service: () => S }, waits: [pollaczek(0.7, S ** 2)] },
  {
    // Two exponentials by chance: mean 1, second moment 2 (0.9 x 0.5^2 + 0.1 x 5.5^2).
    name: 'M/G/1',
    line: {
      servers: 1,
      arrivalsPerSecond: [0.5],
      service: (next) => exponential(next, next() < 0.9 ? 0.5 : 5.5),
    },
    waits: [pollaczek(0.5, 2 * (0.9 * 0.5 ** 2 + 0.1 * 5.5 ** 2))],
  },
  {
    name: 'M/M/1 with three priorities',
    line: { servers: 1, arrivalsPerSecond: [0.2, 0.2, 0.2], service: random(S) },
    waits: cobham([0.2, 0.2, 0.2], 2),
  },
];

/** By how much the engine's mean waits differ from the formula's, the largest of the classes. */
export function deviation({ line, waits }: ClosedForm, requests: number, seed: number): number {
  const { meanWaitSeconds } = simulateLine({ ...line, requests, seed });
  return Math.max(...waits.map((wait, queue) => Math.abs((meanWaitSeconds[queue] ?? 0) / wait - 1)));
}
