interface Passenger<Q, A> {
  readonly asked: Q;
  readonly arrive: (answer: A) => void;
  readonly fail: (error: unknown) => void;
}

/** In one script at most: Redis does nothing else meanwhile, which is about a millisecond for so many. */
const MOST = 128;

/**
 * Trips of one kind to Redis, one at a time: what is asked for while one is under way goes together in the next, which leaves with
 * all who wait, in as many scripts as they need.
 */
export class GatheredTrips<Q, A> {
  #waiting: Passenger<Q, A>[] = [];
  #underWay = false;

  /** @param carry asks for all of them. @returns what came of each, in their order: an error fails that one alone */
  constructor(private readonly carry: (asked: readonly Q[]) => Promise<readonly (A | Error)[]>) {}

  take(asked: Q): Promise<A> {
    return new Promise((arrive, fail) => {
      this.#waiting.push({ asked, arrive, fail });
      if (!this.#underWay) this.#setOut();
    });
  }

  #setOut(): void {
    this.#underWay = true;
    setImmediate(() => this.#travel()); // What the same turn of the event loop asks for comes with it.
  }

  async #travel(): Promise<void> {
    const passengers = this.#waiting;
    this.#waiting = [];
    const scripts: Promise<void>[] = [];
    for (let first = 0; first < passengers.length; first += MOST) {
      scripts.push(this.#carry(passengers.slice(first, first + MOST)));
    }
    await Promise.all(scripts);
    this.#underWay = false;
    if (this.#waiting.length > 0) this.#setOut();
  }

  async #carry(passengers: readonly Passenger<Q, A>[]): Promise<void> {
    try {
      const answers = await this.carry(passengers.map(({ asked }) => asked));
      for (const [i, { arrive, fail }] of passengers.entries()) {
        const answer = answers[i];
        if (answer instanceof Error) fail(answer);
        else arrive(answer as A);
      }
    } catch (error) {
      for (const { fail } of passengers) fail(error);
    }
  }
}
