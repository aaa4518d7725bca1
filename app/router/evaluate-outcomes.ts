import { KEPT_QUALITY, type OutcomePrompt } from './calibrate.js';
import { apgr, type CurvePoint, qualityAt, routingCurve, shareNeeded } from './routing-curve.js';

/** How one way of routing does on a log. */
export interface RouterScore {
  readonly name: string;
  readonly curve: readonly CurvePoint[];
  /** Share of strong calls for {@link KEPT_QUALITY} of the strong model's. */
  readonly shareNeeded: number;
  readonly apgr: number;
  /** Part of the strong model's quality that is kept at half of the calls. */
  readonly keptAtHalf: number;
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
  const outcomes = prompts.map(({ prompt, weak, strong }) => ({ prompt, weak: Number(weak), strong: Number(strong) }));
  const meanOf = (field: 'weak' | 'strong') => outcomes.reduce((sum, one) => sum + one[field], 0) / outcomes.length;
  const [weakQuality, strongQuality] = [meanOf('weak'), meanOf('strong')];
  const router = (name: string, score: (prompt: string) => number): RouterScore => {
    const curve = routingCurve(outcomes.map((one) => ({ ...one, score: score(one.prompt) })));
    return {
      name,
      curve,
      shareNeeded: shareNeeded(curve, KEPT_QUALITY * strongQuality),
      apgr: apgr(curve),
      keptAtHalf: qualityAt(curve, 0.5) / strongQuality,
    };
  };
  return {
    prompts: outcomes.length,
    weakQuality,
    strongQuality,
    routers: [
      router('this router', scoreOf),
      router('length of the prompt', ({ length }) => length),
      router('random choice', () => 0),
    ],
  };
}
