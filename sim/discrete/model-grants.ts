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

  constructor({ models, ...mix }: Pick<ModelMix, 'models' | 'callsPerSecond' | 'costMicroUsd'>) {
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
    if (choice) {
      if (this.#grants(choice.model.id, now)) return this.#made(choice.model.id);
      for (const { id } of choice.fallbacks) if (this.#grants(id, now)) return this.#made(id);
    }
    this.refused++;
    return -1;
  }

  #grants(id: string, now: number): boolean {
    const at = this.#place.get(id) ?? -1;
    if (at < 0) return false;
    const rate = this.#perSecond[at] as number;
    if (rate === Number.POSITIVE_INFINITY) return true;
    const left = Math.min(Math.max(1, rate), (this.#left[at] as number) + (now - (this.#at[at] as number)) * rate);
    this.#at[at] = now;
    this.#left[at] = left >= 1 ? left - 1 : left;
    return left >= 1;
  }

  #made(id: string): number {
    const at = this.#place.get(id) as number;
    this.calls[at] = (this.calls[at] as number) + 1;
    this.costMicroUsd += this.#prices[at] as number;
    return at;
  }
}
