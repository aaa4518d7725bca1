interface Waiting {
  readonly alone: boolean;
  readonly enter: () => void;
}

/** Lets any number in together, or one alone, in the order in which they came. */
export class Turnstile {
  #inside = 0;
  #someoneAlone = false;
  readonly #waiting: Waiting[] = [];

  /** @param alone waits until nobody is inside, and keeps everybody out meanwhile */
  async pass<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ alone, enter });
      this.#letIn();
    });
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#someoneAlone = false;
      this.#letIn();
    }
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#someoneAlone || (next.alone && this.#inside > 0)) return;
      this.#waiting.shift();
      this.#inside += 1;
      this.#someoneAlone = next.alone;
      next.enter();
    }
  }
}
