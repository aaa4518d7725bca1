interface Passenger<Q, A> {
  readonly asked: Q;
  readonly arrive: (answer: A) => void;
  readonly fail: (error: unknown) => void;
}

/** In one script at most: Redis does nothing else meanwhile, which is about a millisecond for so many. */
const MOST = 128;

/**
 * Trips of one kind to Redis, one at a time: what is asked for while one is under way goes together in the next, which leaves with
 * all who wait, in as many scripts as they need: beyond the next trip nobody waits, though Redis answer none.
 */
export class GatheredTrips<Q, A> {
  #waiting: Passenger<Q, A>[] = [];
  /** Whether one of them may wait no longer. */
  #due = false;
  #underWay = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param carry asks for all of them. @returns what came of each, in their order: an error fails that one alone */
  constructor(private readonly carry: (asked: readonly Q[]) => Promise<readonly (A | Error)[]>) {}

  /** @param withinMs how long it may wait for one that does not wait. @default 0: it does not wait */
  take(asked: Q, withinMs = 0): Promise<A> {
    const arrival = new Promise<A>((arrive, fail) => this.#waiting.push({ asked, arrive, fail }));
    if (withinMs === 0) this.#setOut();
    else this.#timer ??= setTimeout(() => this.#setOut(), withinMs).unref();
    return arrival;
  }

  #setOut(): void {
    this.#due = true;
    if (this.#underWay) return;
    this.#underWay = true;
    setImmediate(() => this.#travel()); // What the same turn of the event loop asks for comes with it.
  }

  async #travel(): Promise<void> {
    const passengers = this.#waiting;
    this.#waiting = [];
    this.#due = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const scripts: Promise<void>[] = [];
    for (let first = 0; first < passengers.length; first += MOST) {
      scripts.push(this.#carry(passengers.slice(first, first + MOST)));
    }
    await Promise.all(scripts);
    this.#underWay = false;
    if (this.#due) this.#setOut();
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
