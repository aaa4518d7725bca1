import { hedgePolicy } from '../../contract/index.js';

export interface HedgePolicy {
  /** Second calls there may be, as a share of all calls, above 0. */
  readonly maxShare: number;
  /** And so many of them at once, after a time without any. */
  readonly savedCalls: number;
}

/** When a call is late enough for a second one, and how many second calls there may be: each is paid for. */
export class Hedging {
  #callsSaved = 0;
  readonly #callsForOne: number;

  /**
   * @param afterMs when a call of this candidate is late; `undefined` where nobody knows, and then it has no second one
   * @param policy @default hedgePolicy of the contract
   */
  constructor(
    readonly afterMs: (candidate: string) => number | undefined,
    private readonly policy: HedgePolicy = hedgePolicy,
  ) {
    this.#callsForOne = 1 / policy.maxShare;
  }

  /** A call begins, and adds its share to what may be spent. */
  earn(): void {
    this.#callsSaved = Math.min(this.#callsSaved + 1, this.policy.savedCalls * this.#callsForOne);
  }

  /** Takes a second call from what was saved. @returns whether there was one */
  spend(): boolean {
    if (this.#callsSaved < this.#callsForOne) return false;
    this.#callsSaved -= this.#callsForOne;
    return true;
  }
}
