/** Gives back after so many turns what was put in: amounts of each priority. */
export class DelayLine {
  /** A slot for each turn, one after the other. */
  readonly #amounts: Float64Array;
  /** Where the slot of this turn begins: what it had is due, and what is put in now comes again when it is this one's turn. */
  #at: number;

  constructor(
    turns: number,
    private readonly priorities: number,
  ) {
    this.#amounts = new Float64Array(Math.max(1, turns) * priorities);
    this.#at = this.#amounts.length - priorities;
  }

  turn(): void {
    this.#at += this.priorities;
    if (this.#at === this.#amounts.length) this.#at = 0;
  }

  /** Takes out what is due. */
  take(priority: number): number {
    const due = this.#amounts[this.#at + priority] as number;
    this.#amounts[this.#at + priority] = 0;
    return due;
  }

  add(priority: number, amount: number): void {
    this.#amounts[this.#at + priority] = (this.#amounts[this.#at + priority] as number) + amount;
  }
}
