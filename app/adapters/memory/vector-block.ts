/** Parts in which two vectors are compared. */
const PARTS = 6;
/** A bound that is nearer than that decides nothing: sums of single precision are no more exact. */
const SLACK = 1e-5;
const FIRST_CAPACITY = 16;

/** An item of a block, which says where its vector stands. */
export interface Placed {
  slot: number;
}

/**
 * Vectors of one length side by side in memory, each at length 1, so that a cosine is a dot product. What is left of two vectors after a part of them adds at
 * most the product of its lengths (Cauchy and Schwarz), so that most are told to be too far after a part or two.
 */
export class VectorBlock<T extends Placed> {
  readonly #ends: readonly number[];
  readonly #items: T[] = [];
  #units: Float32Array;
  /** For each vector the lengths of what is left after each part. */
  #left: Float32Array;

  constructor(private readonly dimensions: number) {
    this.#ends = Array.from({ length: PARTS }, (_, part) => Math.ceil((dimensions * (part + 1)) / PARTS));
    this.#units = new Float32Array(FIRST_CAPACITY * dimensions);
    this.#left = new Float32Array(FIRST_CAPACITY * PARTS);
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T, vector: readonly number[]): void {
    const slot = this.#items.push(item) - 1;
    item.slot = slot;
    if ((slot + 1) * PARTS > this.#left.length) {
      this.#units = grown(this.#units);
      this.#left = grown(this.#left);
    }
    const { unit, left } = this.#prepare(vector);
    this.#units.set(unit, slot * this.dimensions);
    this.#left.set(left, slot * PARTS);
  }

  /** The last one takes its place. */
  remove({ slot }: T): void {
    const last = this.#items.pop();
    if (last === undefined || last.slot === slot) return;
    const { dimensions } = this;
    this.#units.copyWithin(slot * dimensions, last.slot * dimensions, (last.slot + 1) * dimensions);
    this.#left.copyWithin(slot * PARTS, last.slot * PARTS, (last.slot + 1) * PARTS);
    last.slot = slot;
    this.#items[slot] = last;
  }

  /** All whose cosine is at least so much. */
  near(vector: readonly number[], minCosine: number): { readonly item: T; readonly cosine: number }[] {
    const { unit, left } = this.#prepare(vector);
    const found: { readonly item: T; readonly cosine: number }[] = [];
    for (const item of this.#items) {
      const cosine = this.#cosineOrLess(unit, left, item.slot, minCosine);
      if (cosine >= minCosine) found.push({ item, cosine });
    }
    return found;
  }

  #cosineOrLess(unit: Float32Array, left: Float32Array, slot: number, minCosine: number): number {
    const units = this.#units;
    const lefts = this.#left;
    const ends = this.#ends;
    const start = slot * this.dimensions;
    let sum = 0;
    for (let part = 0, i = 0; part < PARTS; part += 1) {
      const end = ends[part] as number;
      for (; i < end; i += 1) sum += (units[start + i] as number) * (unit[i] as number);
      const most = sum + (left[part] as number) * (lefts[slot * PARTS + part] as number);
      if (most < minCosine - SLACK) return most;
    }
    return sum;
  }

  /** A vector of zeros stays one: it is near nothing. */
  #prepare(vector: readonly number[]): { readonly unit: Float32Array; readonly left: Float32Array } {
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    const unit = Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
    const left = Float32Array.from(this.#ends, (end) =>
      Math.sqrt(unit.subarray(end).reduce((sum, value) => sum + value * value, 0)),
    );
    return { unit, left };
  }
}

function grown(block: Float32Array): Float32Array {
  const larger = new Float32Array(2 * block.length);
  larger.set(block);
  return larger;
}
