import type { Saturation } from './result.js';

/** Shorter than this, a line is what autoscalers are there for. */
const LEAST_SECONDS = 300;

/** More are not told: a result must not grow with the run, and the later ones say what the earlier did. */
const MOST_TOLD = 20;

/** Notices what is asked for more than it can do for longer than a few minutes. */
export class SaturationWatch {
  readonly #open = new Map<string, { readonly sinceSeconds: number; why: string }>();
  readonly #found: Saturation[] = [];

  note(what: string, isOver: boolean, atSeconds: number, why: () => string): void {
    const open = this.#open.get(what);
    if (isOver && !open) this.#open.set(what, { sinceSeconds: atSeconds, why: why() });
    else if (isOver && open) open.why = why();
    else if (open) this.#close(what, atSeconds);
  }

  /** @param endSeconds end of the run */
  found(endSeconds: number): readonly Saturation[] {
    for (const what of [...this.#open.keys()]) this.#close(what, endSeconds);
    return this.#found;
  }

  #close(what: string, atSeconds: number): void {
    const { sinceSeconds, why } = this.#open.get(what) as { sinceSeconds: number; why: string };
    this.#open.delete(what);
    if (atSeconds - sinceSeconds < LEAST_SECONDS) return;
    const last = this.#found.at(-1);
    // A line that was gone for a moment only is the same one.
    if (last?.what === what && sinceSeconds - last.untilSeconds < LEAST_SECONDS) {
      this.#found[this.#found.length - 1] = { ...last, untilSeconds: atSeconds, why };
    } else if (this.#found.length < MOST_TOLD) {
      this.#found.push({ what, sinceSeconds, untilSeconds: atSeconds, why });
    }
  }
}
