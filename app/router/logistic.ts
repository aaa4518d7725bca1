/** A fitted logistic regression over standardised features. */
export interface LogisticModel {
  readonly means: readonly number[];
  readonly scales: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

export interface LogisticSample {
  readonly features: ArrayLike<number>;
  /** What is to be foretold, 0 to 1. */
  readonly target: number;
}

/** Newton's steps; the loss is convex, so that they end at the same place wherever they begin. */
const STEPS = 25;
/** Digits that are kept: the same bytes come out of every machine. */
const DIGITS = 6;

/**
 * Fits by Newton's method with an L2 penalty (Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 4.4.1). No
 * randomness and no order of samples is in it.
 * @param penalty how strongly weights are held near what is expected of them; the bias is free
 * @param expected weights before anything was seen. @default 0 each
 */
export function fitLogistic(
  samples: readonly LogisticSample[],
  penalty: number,
  expected: readonly number[] = [],
): LogisticModel {
  const size = samples[0]?.features.length ?? 0;
  const means = Array.from({ length: size }, (_, j) => meanOf(samples, j));
  const scales = means.map((mean, j) => deviationOf(samples, j, mean));
  const rows = samples.map(({ features }) => [1, ...standardised(features, means, scales)]);
  let weights = [0, ...means.map((_, j) => expected[j] ?? 0)];
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = Array<number>(size + 1).fill(0);
    const hessian = Array.from({ length: size + 1 }, () => Array<number>(size + 1).fill(0));
    for (const [i, row] of rows.entries()) {
      const p = sigmoid(dot(row, weights));
      const error = p - (samples[i]?.target ?? 0);
      const curvature = Math.max(p * (1 - p), 1e-6);
      for (let a = 0; a <= size; a += 1) {
        const x = row[a] ?? 0;
        gradient[a] = (gradient[a] ?? 0) + error * x;
        const line = hessian[a];
        if (line === undefined) continue;
        for (let b = 0; b <= a; b += 1) line[b] = (line[b] ?? 0) + curvature * x * (row[b] ?? 0);
      }
    }
    for (let a = 1; a <= size; a += 1) {
      gradient[a] = (gradient[a] ?? 0) + penalty * ((weights[a] ?? 0) - (expected[a - 1] ?? 0));
      const line = hessian[a];
      if (line !== undefined) line[a] = (line[a] ?? 0) + penalty;
    }
    const change = solveSymmetric(hessian, gradient);
    weights = weights.map((weight, a) => weight - (change[a] ?? 0));
    if (Math.max(...change.map(Math.abs)) < 1e-9) break;
  }
  const [bias = 0, ...rest] = weights.map(rounded);
  return { means: means.map(rounded), scales: scales.map(rounded), weights: rest, bias };
}

/** What the model foretells, 0 to 1. */
export function predictLogistic(model: LogisticModel, features: ArrayLike<number>): number {
  return sumUp(model, contributions(model, features));
}

/** What the features' shares come to, 0 to 1. */
export function sumUp({ bias }: LogisticModel, shares: readonly number[]): number {
  return sigmoid(shares.reduce((sum, share) => sum + share, 0) + bias);
}

/** Each feature's share in the prediction, before the sigmoid. */
export function contributions({ means, scales, weights }: LogisticModel, features: ArrayLike<number>): number[] {
  return standardised(features, means, scales).map((value, j) => value * (weights[j] ?? 0));
}

/** A value far outside of what was seen counts as the farthest that is believed. */
const FARTHEST_DEVIATIONS = 4;

function standardised(features: ArrayLike<number>, means: readonly number[], scales: readonly number[]): number[] {
  return means.map((mean, j) => {
    const scale = scales[j] ?? 0;
    if (scale === 0) return 0;
    const value = ((features[j] ?? 0) - mean) / scale;
    return Math.max(-FARTHEST_DEVIATIONS, Math.min(FARTHEST_DEVIATIONS, value));
  });
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function meanOf(samples: readonly LogisticSample[], j: number): number {
  return samples.reduce((sum, { features }) => sum + (features[j] ?? 0), 0) / Math.max(1, samples.length);
}

function deviationOf(samples: readonly LogisticSample[], j: number, mean: number): number {
  const square = samples.reduce((sum, { features }) => sum + ((features[j] ?? 0) - mean) ** 2, 0);
  return Math.sqrt(square / Math.max(1, samples.length));
}

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}

/** Solves A x = b for a symmetric positive definite A, of which the lower half is read, by Cholesky's decomposition. */
function solveSymmetric(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const size = b.length;
  const lower = Array.from({ length: size }, () => Array<number>(size).fill(0));
  const at = (i: number, j: number) => lower[i]?.[j] ?? 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i]?.[j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= at(i, k) * at(j, k);
      const row = lower[i];
      if (row !== undefined) row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  }
  const forward: number[] = [];
  for (let i = 0; i < size; i += 1) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= at(i, k) * (forward[k] ?? 0);
    forward.push(sum / at(i, i));
  }
  const solution = Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = forward[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) sum -= at(k, i) * (solution[k] ?? 0);
    solution[i] = sum / at(i, i);
  }
  return solution;
}
