/** Requests under way, each a place in flat arrays that is used again when it has ended. */
export class RequestPool {
  readonly cameAt: Float64Array;
  /** Since when it waits in a line. */
  readonly waitsSince: Float64Array;
  /** When its answer at the entrance was ready, but for the task. */
  readonly frontSeconds: Float64Array;
  readonly program: Uint8Array;
  readonly tier: Uint8Array;
  readonly attempt: Uint8Array;
  /** Whether it is in a worker's hands. */
  readonly inTask: Uint8Array;
  readonly step: Uint8Array;
  /** Place of the workload that serves the step. */
  readonly station: Uint8Array;
  /** When each step began: -1 where it did not happen. */
  readonly began: Float64Array;
  readonly #free: Int32Array;
  #freeCount: number;

  constructor(
    readonly size: number,
    readonly steps: number,
  ) {
    this.cameAt = new Float64Array(size);
    this.waitsSince = new Float64Array(size);
    this.frontSeconds = new Float64Array(size);
    this.program = new Uint8Array(size);
    this.tier = new Uint8Array(size);
    this.attempt = new Uint8Array(size);
    this.inTask = new Uint8Array(size);
    this.step = new Uint8Array(size);
    this.station = new Uint8Array(size);
    this.began = new Float64Array(size * steps);
    this.#free = Int32Array.from({ length: size }, (_, i) => size - 1 - i);
    this.#freeCount = size;
  }

  /** -1 when there is no room for another. */
  take(): number {
    return this.#freeCount > 0 ? (this.#free[--this.#freeCount] as number) : -1;
  }

  give(request: number): void {
    this.#free[this.#freeCount++] = request;
  }
}
