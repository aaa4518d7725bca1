import { KEPT_QUALITY, type OutcomePrompt } from './calibrate.js';
import { halfWidth } from './jackknife.js';
import { apgr, type CurvePoint, qualityAt, routingCurve, type ScoredPrompt, shareNeeded } from './routing-curve.js';

type Figure = 'shareNeeded' | 'apgr' | 'keptAtHalf';

/** How one way of routing does on a log. */
export interface RouterScore extends Readonly<Record<Figure, number>> {
  readonly name: string;
  readonly curve: readonly CurvePoint[];
  /** Half the width of each figure's 95 % interval. */
  readonly within: Readonly<Record<Figure, number>>;
}

export interface OutcomeEvaluation {
  readonly prompts: number;
  readonly weakQuality: number;
  readonly strongQuality: number;
  readonly routers: readonly RouterScore[];
}

/** Holds a router against a random choice and against the length of the prompt. */
export function evaluateOutcomes(
  prompts: readonly OutcomePrompt[],
  scoreOf: (prompt: string) => number,
): OutcomeEvaluation {
  const router = (name: string, score: (prompt: string) => number): RouterScore => {
    const scored = prompts.map(({ prompt, weak, strong }) => ({
      weak: Number(weak),
      strong: Number(strong),
      score: score(prompt),
    }));
    const figure = (of: Figure) => halfWidth(scored, (some) => figuresOf(some)[of]);
    const within = { shareNeeded: figure('shareNeeded'), apgr: figure('apgr'), keptAtHalf: figure('keptAtHalf') };
    return { name, curve: routingCurve(scored), ...figuresOf(scored), within };
  };
  const meanOf = (field: 'weak' | 'strong') =>
    prompts.reduce((sum, one) => sum + Number(one[field]), 0) / prompts.length;
  return {
    prompts: prompts.length,
    weakQuality: meanOf('weak'),
    strongQuality: meanOf('strong'),
    routers: [
      router('this router', scoreOf),
      router('length of the prompt', ({ length }) => length),
      router('random choice', () => 0),
    ],
  };
}

/**
 * Share of strong calls for {@link KEPT_QUALITY} of the strong model's quality, average performance gap recovered, and the part of the
 * strong model's quality that is kept at half of the calls.
 */
function figuresOf(scored: readonly ScoredPrompt[]): Readonly<Record<Figure, number>> {
  const curve = routingCurve(scored);
  const strongQuality = scored.reduce((sum, { strong }) => sum + strong, 0) / scored.length;
  return {
    shareNeeded: shareNeeded(curve, KEPT_QUALITY * strongQuality),
    apgr: apgr(curve),
    keptAtHalf: qualityAt(curve, 0.5) / strongQuality,
  };
}
