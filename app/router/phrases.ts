import { PhraseIndex } from './phrase-index.js';

/** All that anybody looks for: one look at a text finds it for all of them. */
const index = new PhraseIndex<Phrases>();

/**
 * Phrases of which a text may have one. They are written as words with spaces between them; a phrase of several is joined by `_`, and a star stands
 * for any ending. What has a capital is found as it is written, all else in any case. Scripts that write words without spaces, or join what comes
 * before, are searched anywhere.
 *
 * A pattern for each such list would read the whole text again, and a hundred patterns drive each other out of the processor's caches.
 */
export class Phrases {
  constructor(written: string) {
    for (const phrase of written.split(/\s+/)) if (phrase !== '') index.add(this, phrase.replaceAll('_', ' '));
  }
}

/** A text that is looked at for many phrases. */
export class PhrasedText {
  #found: ReadonlySet<Phrases> | undefined;

  constructor(readonly text: string) {}

  has(phrases: Phrases): boolean {
    this.#found ??= index.groupsIn(this.text);
    return this.#found.has(phrases);
  }
}
