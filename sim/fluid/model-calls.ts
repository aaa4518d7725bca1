import { TIERS } from '../../contract/index.js';
import type { Step } from '../model/request-program.js';
import type { System } from '../model/system.js';
import type { AdmittedMix, TierShare } from './demand.js';

/** Calls of models in one tick: who asks for them, what each model takes, what it costs, and what no provider takes. */
export class ModelCalls {
  /** Calls since the beginning, by the model's place in the mix. */
  readonly calls: Float64Array;
  /** Shares of the calls that were made in the last tick. */
  readonly shares: Float64Array;
  costMicroUsd = 0;
  refusedCalls = 0;
  /** Of the attempts at a task, as of the last tick. */
  failedShare: number;
  /** Calls of one request, by the program's place, and of one task. */
  readonly #perFront: Float64Array;
  readonly #perTask: number;
  readonly #taskFailures: number;
  /** Of each model: the shares of the tiers' calls that are for it, by the tier's place. */
  readonly #sharesOf: readonly Float64Array[];
  readonly #limits: Float64Array;
  readonly #prices: Float64Array;
  /** Of each model: itself, and what is tried after it. */
  readonly #tried: readonly (readonly number[])[];
  /** In this tick: calls by tier, those wanted of each model, and those that it still has room for. */
  readonly #callsOf = new Float64Array(TIERS.length);
  readonly #wanted: Float64Array;
  readonly #room: Float64Array;

  /** @param taskShares of the tasks, by the program's place */
  constructor({ models: mix, requests, assumed }: System, taskShares: readonly number[]) {
    const { models } = mix;
    this.calls = new Float64Array(models.length);
    this.shares = new Float64Array(models.length);
    this.#taskFailures = assumed.failures.taskFailures;
    this.failedShare = this.#taskFailures;
    const callsIn = (steps: readonly Step[]) =>
      steps.filter(({ model }) => model).length * (1 - assumed.caches.answerHits);
    this.#perFront = Float64Array.from(requests, ({ front }) => callsIn(front));
    this.#perTask = requests.reduce((sum, { task }, i) => sum + callsIn(task) * (taskShares[i] ?? 0), 0);
    this.#sharesOf = models.map((_, i) => Float64Array.from(TIERS, (tier) => mix.shares[tier][i] ?? 0));
    this.#limits = Float64Array.from(models, (model) => mix.callsPerSecond(model));
    this.#prices = Float64Array.from(models, (model) => mix.costMicroUsd(model));
    const place = new Map(models.map(({ id }, i) => [id, i]));
    this.#tried = models.map(({ fallbacks }, i) => [i, ...fallbacks.flatMap((id) => place.get(id) ?? [])]);
    this.#wanted = new Float64Array(models.length);
    this.#room = new Float64Array(models.length);
  }

  forget(): void {
    this.calls.fill(0);
    this.costMicroUsd = 0;
    this.refusedCalls = 0;
  }

  /**
   * The calls of so many requests a second and of the tasks that were taken, by their queue. While queues are long, those of the tiers that
   * are served first are taken, not the mix that comes in; and their models may take longer.
   * @returns requests that failed, for no provider took their call; a task's comes again
   */
  make(fronts: ArrayLike<number>, taken: ArrayLike<number>, admitted: AdmittedMix, span: number): number {
    let byRequests = 0;
    for (let i = 0; i < fronts.length; i++) byRequests += (fronts[i] as number) * (this.#perFront[i] as number) * span;
    const all = this.#ask(byRequests, taken, admitted);
    const refused = all > 0 ? this.#place(all, span) : 0;
    this.failedShare = 1 - (1 - this.#taskFailures) * (1 - refused * Math.min(1, this.#perTask));
    return refused * byRequests;
  }

  /** Which models are wanted, by the router's choice for each tier. @returns calls of all tiers */
  #ask(byRequests: number, taken: ArrayLike<number>, { tiers }: AdmittedMix): number {
    const callsOf = this.#callsOf;
    let all = 0;
    for (let at = 0; at < tiers.length; at++) {
      const { share, queue, shareOfQueue } = tiers[at] as TierShare;
      const calls = byRequests * share + (taken[queue] as number) * shareOfQueue * this.#perTask;
      callsOf[at] = calls;
      all += calls;
    }
    for (let i = 0; i < this.#wanted.length; i++) {
      const shares = this.#sharesOf[i] as Float64Array;
      let wanted = 0;
      for (let at = 0; at < callsOf.length; at++) wanted += (callsOf[at] as number) * (shares[at] as number);
      this.#wanted[i] = wanted;
    }
    return all;
  }

  /** Makes the calls, as far as there is room for them. @returns the share that no provider takes */
  #place(all: number, span: number): number {
    const wanted = this.#wanted;
    let refused = all;
    for (let i = 0; i < wanted.length; i++) {
      refused -= wanted[i] as number;
      this.#room[i] = (this.#limits[i] as number) * span;
    }
    this.shares.fill(0);
    for (let i = 0; i < wanted.length; i++) {
      const calls = wanted[i] as number;
      if (calls > 0) refused += this.#takeFirst(i, calls, all);
    }
    this.refusedCalls += refused;
    return refused < 1e-9 * all ? 0 : Math.min(1, refused / all);
  }

  /** Gives calls to the first of a model and its fallbacks that have room. @returns those that nobody takes */
  #takeFirst(model: number, calls: number, all: number): number {
    const tried = this.#tried[model] as readonly number[];
    let left = calls;
    for (let n = 0; n < tried.length; n++) {
      const at = tried[n] as number;
      const room = this.#room[at] as number;
      const taken = Math.min(left, room);
      this.#room[at] = room - taken;
      left -= taken;
      this.calls[at] = (this.calls[at] as number) + taken;
      this.shares[at] = (this.shares[at] as number) + taken / all;
      this.costMicroUsd += taken * (this.#prices[at] as number);
      if (left <= 0) break;
    }
    return left;
  }
}
