/** A prompt, whether each model answers it well, and how much it is thought to need the strong one. */
export interface ScoredPrompt {
  readonly weak: number;
  readonly strong: number;
  readonly score: number;
}

/** Quality, 0 to 1, when a share of the calls goes to the strong model. */
export interface CurvePoint {
  readonly strongShare: number;
  readonly quality: number;
}

/**
 * Quality for every share of strong calls, the prompts of the highest scores first. Prompts of one score are taken together, in
 * equal parts of a straight line, so that no order of the file can help.
 */
export function routingCurve(prompts: readonly ScoredPrompt[]): readonly CurvePoint[] {
  const total = prompts.length;
  let quality = prompts.reduce((sum, { weak }) => sum + weak, 0);
  const points: CurvePoint[] = [{ strongShare: 0, quality: quality / total }];
  const sorted = [...prompts].sort((a, b) => b.score - a.score);
  for (let i = 0; i < total; ) {
    const score = sorted[i]?.score;
    for (; i < total && sorted[i]?.score === score; i += 1)
      quality += (sorted[i]?.strong ?? 0) - (sorted[i]?.weak ?? 0);
    points.push({ strongShare: i / total, quality: quality / total });
  }
  return points;
}

/** Least share of strong calls from which the quality is reached, between the points by a straight line; 1 where it never is. */
export function shareNeeded(curve: readonly CurvePoint[], quality: number): number {
  for (const [i, point] of curve.entries()) {
    if (point.quality < quality) continue;
    const before = curve[i - 1];
    if (before === undefined) return 0;
    const part = (quality - before.quality) / (point.quality - before.quality);
    return before.strongShare + part * (point.strongShare - before.strongShare);
  }
  return 1;
}

/** The quality that is kept when this share is sent to the strong model. */
export function qualityAt(curve: readonly CurvePoint[], strongShare: number): number {
  const after = curve.findIndex((point) => point.strongShare >= strongShare);
  const [b, a] = [curve[after], curve[after - 1]];
  if (b === undefined) return curve.at(-1)?.quality ?? 0;
  if (a === undefined) return b.quality;
  return a.quality + ((strongShare - a.strongShare) / (b.strongShare - a.strongShare)) * (b.quality - a.quality);
}

/**
 * Average performance gap recovered (Ong et al., RouteLLM, 2024): the area between the curve and the weak model's quality, as a part
 * of the whole gap. A random choice has 0.5, one that always knows has 1 at most.
 */
export function apgr(curve: readonly CurvePoint[]): number {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || last.quality === first.quality) return Number.NaN;
  let area = 0;
  for (const [i, b] of curve.entries()) {
    const a = curve[i - 1];
    if (a !== undefined) area += (b.strongShare - a.strongShare) * ((a.quality + b.quality) / 2 - first.quality);
  }
  return area / (last.quality - first.quality);
}
