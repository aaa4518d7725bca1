/** Chooses the class whose turn it is, among those that have somebody waiting. */
export type Turns = (hasWork: (queue: number) => boolean) => number;

/** The first class first, as long as it has anybody: what has begun is not interrupted. */
export function strictTurns(queues: number): Turns {
  return (hasWork) => {
    for (let queue = 0; queue < queues; queue++) if (hasWork(queue)) return queue;
    return -1;
  };
}

/** Servers that work alike before a line of each class; the first to come is the first to be served of its class. */
export class ServerLine {
  busy = 0;
  readonly #queues: readonly Fifo[];
  #waiting = 0;

  constructor(
    public servers: number,
    queues = 1,
    private readonly turns: Turns = strictTurns(queues),
  ) {
    this.#queues = Array.from({ length: queues }, () => new Fifo());
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Whether a server is free for it; else it waits. */
  arrive(item: number, queue = 0): boolean {
    if (this.busy < this.servers && this.#waiting === 0) {
      this.busy++;
      return true;
    }
    this.#waiting++;
    this.#queues[queue]?.push(item);
    return false;
  }

  finish(): void {
    this.busy--;
  }

  /** Who is served next, if a server is free and somebody waits; else -1. */
  next(): number {
    if (this.busy >= this.servers || this.#waiting === 0) return -1;
    const queue = this.#queues.length === 1 ? 0 : this.turns((one) => (this.#queues[one]?.size ?? 0) > 0);
    const item = this.#queues[queue]?.shift() ?? -1;
    if (item < 0) return -1;
    this.#waiting--;
    this.busy++;
    return item;
  }
}

/** A ring that grows: `Array.shift` would move everybody up. */
class Fifo {
  #items = new Int32Array(16);
  #head = 0;
  size = 0;

  push(item: number): void {
    if (this.size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.size++) & (this.#items.length - 1)] = item;
  }

  shift(): number {
    if (this.size === 0) return -1;
    const item = this.#items[this.#head] as number;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.size--;
    return item;
  }

  #grow(): void {
    const next = new Int32Array(2 * this.#items.length);
    for (let i = 0; i < this.size; i++) next[i] = this.#items[(this.#head + i) & (this.#items.length - 1)] as number;
    this.#items = next;
    this.#head = 0;
  }
}
