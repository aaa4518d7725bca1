import type { Tier } from '../../contract/index.js';

/** A model that was considered, and why it cannot answer. */
export interface Refusal {
  readonly model: string;
  readonly cause: 'no-key' | 'small-window';
  readonly why: string;
}

/** No model can take the prompt. */
export class NoModelFits extends Error {
  override readonly name = 'NoModelFits';

  constructor(
    readonly neededTokens: number,
    readonly tier: Tier,
    readonly refusals: readonly Refusal[],
  ) {
    const told = refusals.map(({ model, why }) => `${model} ${why}`).join('; ');
    super(
      `No model of tier ${tier} can take a prompt and answer of up to ${neededTokens} tokens: ${told === '' ? 'the model table has none for it' : told}.`,
    );
  }

  /** Whether a shorter prompt would be answered: some model is there, and too small. */
  get isTooLong(): boolean {
    return this.refusals.some(({ cause }) => cause === 'small-window');
  }
}
