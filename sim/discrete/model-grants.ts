import type { ModelChoice, ModelMix } from '../model/model-mix.js';

/** What providers grant: a bucket for each model that holds a second's calls. */
export class ModelGrants {
  readonly calls: Float64Array;
  costMicroUsd = 0;
  refused = 0;
  readonly #perSecond: readonly number[];
  readonly #prices: readonly number[];
  readonly #left: Float64Array;
  readonly #at: Float64Array;
  readonly #place: ReadonlyMap<string, number>;
  /** Places of the models of each choice, the chosen one first. */
  readonly #tried = new Map<ModelChoice, readonly number[]>();

  constructor(mix: ModelMix) {
    const { models } = mix;
    this.calls = new Float64Array(models.length);
    this.#perSecond = models.map((model) => mix.callsPerSecond(model));
    this.#prices = models.map((model) => mix.costMicroUsd(model));
    this.#left = Float64Array.from(this.#perSecond);
    this.#at = new Float64Array(models.length);
    this.#place = new Map(models.map(({ id }, i) => [id, i]));
  }

  forget(): void {
    this.calls.fill(0);
    this.costMicroUsd = 0;
    this.refused = 0;
  }

  /** Place of the model that takes the call: the chosen one, or the first of its fallbacks with room; -1 if none has. */
  call(choice: ModelChoice | undefined, now: number): number {
    const tried = choice ? this.#triedFor(choice) : [];
    for (let i = 0; i < tried.length; i++) {
      const at = tried[i] as number;
      if (this.#grants(at, now)) return this.#made(at);
    }
    this.refused++;
    return -1;
  }

  #triedFor(choice: ModelChoice): readonly number[] {
    const known = this.#tried.get(choice);
    if (known) return known;
    const places = [choice.model, ...choice.fallbacks].flatMap(({ id }) => this.#place.get(id) ?? []);
    this.#tried.set(choice, places);
    return places;
  }

  #grants(at: number, now: number): boolean {
    const rate = this.#perSecond[at] as number;
    if (rate === Number.POSITIVE_INFINITY) return true;
    const left = Math.min(Math.max(1, rate), (this.#left[at] as number) + (now - (this.#at[at] as number)) * rate);
    this.#at[at] = now;
    this.#left[at] = left >= 1 ? left - 1 : left;
    return left >= 1;
  }

  #made(at: number): number {
    this.calls[at] = (this.calls[at] as number) + 1;
    this.costMicroUsd += this.#prices[at] as number;
    return at;
  }
}
