/** How much of two vectors is compared first. */
const HEAD_SHARE = 3 / 8;
/** A bound that is nearer than that decides nothing: sums of single precision are no more exact. */
const SLACK = 1e-5;
const FIRST_CAPACITY = 16;

/** An item of a block, which says where its vector stands. */
export interface Placed {
  slot: number;
}

/**
 * Vectors of one length side by side in memory, each at length 1, so that a cosine is a dot product. What is left of two vectors after their heads adds at
 * most the product of its lengths (Cauchy and Schwarz), so that most are told to be too far by their heads.
 */
export class VectorBlock<T extends Placed> {
  /** Whole fours, the last filled up with zeros. */
  readonly #stride: number;
  readonly #head: number;
  readonly #items: T[] = [];
  #units: Float32Array;
  /** For each vector the length of what is left after its head. */
  #rests: Float32Array;

  constructor(dimensions: number) {
    this.#stride = wholeFours(dimensions);
    this.#head = wholeFours(dimensions * HEAD_SHARE);
    this.#units = new Float32Array(FIRST_CAPACITY * this.#stride);
    this.#rests = new Float32Array(FIRST_CAPACITY);
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T, vector: readonly number[]): void {
    const slot = this.#items.push(item) - 1;
    item.slot = slot;
    if (slot === this.#rests.length) {
      this.#units = grown(this.#units);
      this.#rests = grown(this.#rests);
    }
    const { unit, rest } = this.#prepare(vector);
    this.#units.set(unit, slot * this.#stride);
    this.#rests[slot] = rest;
  }

  /** The last one takes its place. */
  remove({ slot }: T): void {
    const last = this.#items.pop();
    if (last === undefined || last.slot === slot) return;
    const start = last.slot * this.#stride;
    this.#units.copyWithin(slot * this.#stride, start, start + this.#stride);
    this.#rests[slot] = this.#rests[last.slot] as number;
    last.slot = slot;
    this.#items[slot] = last;
  }

  /** All whose cosine is at least so much. */
  near(vector: readonly number[], minCosine: number): { readonly item: T; readonly cosine: number }[] {
    const { unit, rest } = this.#prepare(vector);
    const [units, rests, items, stride, head] = [this.#units, this.#rests, this.#items, this.#stride, this.#head];
    const found: { readonly item: T; readonly cosine: number }[] = [];
    for (let slot = 0; slot < items.length; slot += 1) {
      const start = slot * stride;
      const ofHeads = dot(units, start, unit, 0, head);
      if (ofHeads + rest * (rests[slot] as number) < minCosine - SLACK) continue;
      const cosine = ofHeads + dot(units, start, unit, head, stride);
      if (cosine >= minCosine) found.push({ item: items[slot] as T, cosine });
    }
    return found;
  }

  /** A vector of zeros stays one: it is near nothing. */
  #prepare(vector: readonly number[]): { readonly unit: Float32Array; readonly rest: number } {
    const length = lengthOf(vector);
    const unit = new Float32Array(this.#stride);
    if (length > 0) for (let i = 0; i < vector.length; i += 1) unit[i] = (vector[i] as number) / length;
    return { unit, rest: lengthOf(unit.subarray(this.#head)) };
  }
}

/** Of two stretches of whole fours. Four sums at once, since none of them waits for another: thrice as fast as one. */
function dot(units: Float32Array, start: number, unit: Float32Array, from: number, to: number): number {
  let [one, two, three, four] = [0, 0, 0, 0];
  for (let i = from, at = start + from; i < to; i += 4, at += 4) {
    one += (units[at] as number) * (unit[i] as number);
    two += (units[at + 1] as number) * (unit[i + 1] as number);
    three += (units[at + 2] as number) * (unit[i + 2] as number);
    four += (units[at + 3] as number) * (unit[i + 3] as number);
  }
  return one + two + three + four;
}

function lengthOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += (vector[i] as number) ** 2;
  return Math.sqrt(sum);
}

function wholeFours(length: number): number {
  return 4 * Math.ceil(length / 4);
}

function grown(block: Float32Array): Float32Array {
  const larger = new Float32Array(2 * block.length);
  larger.set(block);
  return larger;
}
