/** Events in the order of their times, and of their making where two are at once: a binary heap over flat arrays. */
export class EventHeap {
  #times = new Float64Array(1024);
  #orders = new Float64Array(1024);
  #kinds = new Int32Array(1024);
  #items = new Int32Array(1024);
  #size = 0;
  #made = 0;
  /** Of the event that was taken last. */
  time = 0;
  kind = 0;
  item = 0;

  get size(): number {
    return this.#size;
  }

  /** Of the event that comes next; Infinity if there is none. */
  get nextTime(): number {
    return this.#size > 0 ? (this.#times[0] as number) : Number.POSITIVE_INFINITY;
  }

  push(time: number, kind: number, item = 0): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size++;
    const order = this.#made++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentTime = this.#times[parent] as number;
      if (parentTime < time || (parentTime === time && (this.#orders[parent] as number) < order)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, time, order, kind, item);
  }

  /** Takes the earliest event; says whether there was one. */
  pop(): boolean {
    if (this.#size === 0) return false;
    this.time = this.#times[0] as number;
    this.kind = this.#kinds[0] as number;
    this.item = this.#items[0] as number;
    const last = --this.#size;
    const time = this.#times[last] as number;
    const order = this.#orders[last] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isBefore(child + 1, child)) child++;
      const childTime = this.#times[child] as number;
      if (time < childTime || (time === childTime && order < (this.#orders[child] as number))) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, time, order, this.#kinds[last] as number, this.#items[last] as number);
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#times[one] as number, this.#times[other] as number];
    return a < b || (a === b && (this.#orders[one] as number) < (this.#orders[other] as number));
  }

  #move(from: number, to: number): void {
    this.#set(
      to,
      this.#times[from] as number,
      this.#orders[from] as number,
      this.#kinds[from] as number,
      this.#items[from] as number,
    );
  }

  #set(at: number, time: number, order: number, kind: number, item: number): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#kinds[at] = kind;
    this.#items[at] = item;
  }

  #grow(): void {
    const twice = <T extends Float64Array | Int32Array>(old: T, next: T): T => {
      next.set(old);
      return next;
    };
    const size = 2 * this.#times.length;
    this.#times = twice(this.#times, new Float64Array(size));
    this.#orders = twice(this.#orders, new Float64Array(size));
    this.#kinds = twice(this.#kinds, new Int32Array(size));
    this.#items = twice(this.#items, new Int32Array(size));
  }
}
