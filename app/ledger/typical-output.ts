/** What an answer is taken to have before any was seen. */
const FIRST_GUESS_TOKENS = 256;
/** Weight of the newest answer. */
const SHARE = 0.05;

/** Length of each model's answers, as a moving mean: what a call is taken to have written whose answer never came. */
export class TypicalOutput {
  readonly #meanTokens = new Map<string, number>();

  saw(model: string, outputTokens: number): void {
    const mean = this.#meanTokens.get(model);
    this.#meanTokens.set(model, mean === undefined ? outputTokens : mean + SHARE * (outputTokens - mean));
  }

  of(model: string): number {
    return Math.round(this.#meanTokens.get(model) ?? FIRST_GUESS_TOKENS);
  }
}
