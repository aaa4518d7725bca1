import { discreteRun, requestsWithSettling } from '../../discrete/simulate-discrete.js';
import { fluidRun } from '../../fluid/simulate-fluid.js';
import type { Load } from '../../load/load.js';
import type { ScalingProps, System } from '../../model/system.js';
import type { Run } from '../../run-in-parts.js';
import { type Objective, shortcomings } from '../objective.js';
import { type Knob, knobsOf } from './knobs.js';
import { isBetter, paretoFront, type Trial, trialOf } from './trial.js';
import { withProps } from './with-props.js';

export const TUNE_PHASES = ['as it is', 'widening', 'descending', 'simplifying', 'confirming'] as const;

/** Where the search stands; told often, so that whoever waits can look up, or leave. */
export interface TuneStep {
  readonly phase: (typeof TUNE_PHASES)[number];
  readonly tried: number;
  /** The best so far. */
  readonly best: Trial | undefined;
}

/** Whether the answer was tried request by request too: not if it would take minutes, or if the search was ended before. */
export type Confirmation =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'refuted' | 'not tried'; readonly why: string };

export const ENDED_BEFORE = 'the search was ended before';

/** Beyond so many requests following each takes minutes. */
const MOST_FOLLOWED = 3_000_000;
/** Of those that keep the objectives in ticks, so many are followed request by request at most. */
const MOST_CONFIRMED = 4;
/** A sweep that wins nothing ends the search long before. */
const MOST_SWEEPS = 8;

/**
 * Direct search along the coordinates (Hooke and Jeeves 1961; Kolda, Lewis and Torczon, Optimization by direct search, 2003): each prop in
 * turn goes up and down its ladder, with a stride that doubles while it wins, until a sweep over all wins nothing. Every setting sees the same
 * chance (common random numbers), in ticks. Where the present setting breaks the objectives it begins twice, from autoscalers that ask for much at once and from
 * replicas fixed at plenty: what one gets by pace the other gets by floors. What wins nothing by itself is then taken back, and the answer followed request by request.
 */
export class TuneSearch {
  readonly trials: Trial[] = [];
  readonly #known = new Map<string, Trial>();
  readonly #knobs: readonly Knob[];
  #phase: TuneStep['phase'] = 'as it is';
  #best: Trial | undefined;
  confirmation: Confirmation = { kind: 'not tried', why: ENDED_BEFORE };

  constructor(
    private readonly system: System,
    private readonly load: Load,
    private readonly objectives: readonly Objective[],
    private readonly options: { readonly seed: number; readonly tickSeconds: number },
  ) {
    this.#knobs = knobsOf(system);
  }

  /** The best so far: the cheapest that keeps the objectives, or while there is none the one that strains them least. */
  get best(): Trial | undefined {
    return this.#best;
  }

  /** The present setting; undefined until it was tried. */
  get now(): Trial | undefined {
    return this.trials[0];
  }

  *steps(): Generator<TuneStep, void> {
    const now = yield* this.#try(this.system.props);
    const starts = now.isKept ? [now] : [yield* this.#eager(), yield* this.#wide()];
    for (const start of starts) if (start.isKept) yield* this.#descendFrom(start);
    if (!this.#best?.isKept) {
      this.confirmation = { kind: 'not tried', why: 'no setting keeps the objectives' };
      return;
    }
    yield* this.#simplify();
    yield* this.#confirm();
  }

  /** As many as may be wanted, as soon as they are: every target at its lowest, under the highest ceilings. */
  *#eager(): Generator<TuneStep, Trial> {
    this.#phase = 'widening';
    return yield* this.#try(
      this.#knobs.reduce((props, knob) => {
        const { ladder, name } = knob;
        if (name.endsWith('maxReplicas')) return knob.write(props, ladder.at(-1) as number);
        return /scaling\.\w+$/.test(name) ? knob.write(props, ladder[0] as number) : props;
      }, this.system.props),
    );
  }

  /** Every workload fixed at the highest ceiling, then at twice as much, until the objectives are kept; if that does not help nothing does. */
  *#wide(): Generator<TuneStep, Trial> {
    const bounds = this.#knobs.filter(({ name }) => name.startsWith('services.'));
    const most = Math.max(...bounds.map(({ ladder }) => ladder.at(-1) as number));
    let widest = Math.max(...bounds.map((knob) => knob.read(this.system.props)));
    for (let before: Trial | undefined; ; widest = Math.min(2 * widest, most)) {
      const fixed = bounds.reduce((props, knob) => knob.write(props, widest), this.system.props);
      const trial = yield* this.#try(fixed);
      const hasHelped = before === undefined || trial.strain < 0.99 * before.strain;
      if (trial.isKept || !hasHelped || widest === most) return trial;
      before = trial;
    }
  }

  *#descendFrom(start: Trial): Generator<TuneStep, void> {
    this.#phase = 'descending';
    let at = start;
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      const before = at;
      for (const knob of this.#knobs) {
        const down = yield* this.#along(knob, at, -1);
        at = down === at ? yield* this.#along(knob, at, 1) : down;
      }
      if (at === before) return;
    }
  }

  /** The last step that won; where none does, where it began. */
  *#along(knob: Knob, from: Trial, direction: 1 | -1): Generator<TuneStep, Trial> {
    for (let at = from, stride = 1; ; stride *= 2) {
      const value = knob.ladder[knob.ladder.indexOf(knob.read(at.props)) + direction * stride];
      if (value === undefined) return at;
      const props = knob.write(at.props, value);
      if (!hasOrderedBounds(props, this.system)) return at;
      const trial = yield* this.#try(props);
      if (!isBetter(trial, at)) return at;
      at = trial;
    }
  }

  /** Takes back each change without which it is as cheap. */
  *#simplify(): Generator<TuneStep, void> {
    this.#phase = 'simplifying';
    for (const knob of this.#knobs) {
      const best = this.#best as Trial;
      const was = knob.read(this.system.props);
      if (knob.read(best.props) === was) continue;
      const props = knob.write(best.props, was);
      if (!hasOrderedBounds(props, this.system)) continue;
      const trial = yield* this.#try(props);
      if (trial.isKept && trial.monthlyUsd <= best.monthlyUsd * 1.001) this.#best = trial;
    }
  }

  /** Tails that come of chance are the other engine's to tell: the cheapest that it does not refute is the answer. */
  *#confirm(): Generator<TuneStep, void> {
    this.#phase = 'confirming';
    const requests = requestsWithSettling(this.load);
    if (requests > MOST_FOLLOWED) {
      const why = `its ${Math.round(requests / 1e6)} million requests would take minutes`;
      this.confirmation = { kind: 'not tried', why };
      return;
    }
    const inTicks = this.#best as Trial;
    for (const candidate of confirmable(inTicks, this.trials)) {
      const run = discreteRun(withProps(this.system, candidate.props), this.load, {
        seed: this.options.seed,
        totalsOnly: true,
      });
      const broken = shortcomings(yield* this.#finished(run), this.objectives);
      if (broken.length === 0) {
        this.#best = candidate;
        this.confirmation = { kind: 'confirmed' };
        return;
      }
      if (candidate === inTicks) this.confirmation = { kind: 'refuted', why: broken.join('; ') };
    }
  }

  *#try(props: ScalingProps): Generator<TuneStep, Trial> {
    const key = JSON.stringify(props);
    const known = this.#known.get(key);
    if (known) return known;
    const options = { ...this.options, totalsOnly: true };
    const result = yield* this.#finished(fluidRun(withProps(this.system, props), this.load, options));
    const trial = trialOf(props, result, this.objectives);
    this.#known.set(key, trial);
    this.trials.push(trial);
    if (!this.#best || isBetter(trial, this.#best)) this.#best = trial;
    yield this.#step;
    return trial;
  }

  *#finished(run: Run) {
    for (;;) {
      const { done, value } = run.next();
      if (done) return value;
      yield this.#step;
    }
  }

  get #step(): TuneStep {
    return { phase: this.#phase, tried: this.trials.length, best: this.#best };
  }
}

/** The answer first, then what costs more and strains the objectives less. */
function confirmable(answer: Trial, trials: readonly Trial[]): readonly Trial[] {
  const kept = trials.filter(({ isKept, monthlyUsd }) => isKept && monthlyUsd >= answer.monthlyUsd);
  const calmer = paretoFront(kept).filter(({ strain }) => strain < answer.strain);
  return [answer, ...calmer].slice(0, MOST_CONFIRMED);
}

function hasOrderedBounds(props: ScalingProps, system: System): boolean {
  return withProps(system, props).workloads.every(
    ({ autoscaler }) => !autoscaler || autoscaler.spec.minReplicas <= autoscaler.spec.maxReplicas,
  );
}
