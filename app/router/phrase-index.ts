/** A run of letters of one kind: Chinese around a Latin word is no part of it. */
const WORD = /[\p{Script=Latin}\p{M}\p{N}]+|(?:(?!\p{Script=Latin})[\p{L}\p{M}])+/gu;
/** Scripts that put a space between words, and nothing before one that belongs to it. */
const WITH_SPACES = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{P}\p{N}* ]+$/u;
const OF_OTHER_SCRIPTS = /(?=\p{L})[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
/** Of a word that may end in any way. None is shorter. */
const BEGINNING_LETTERS = 3;

interface Phrase<G> {
  readonly group: G;
  readonly words: readonly string[];
  /** Whether the last word may end in any way. */
  readonly isOpen: boolean;
  /** Whether it has capitals, and is found as it is written. */
  readonly isExact: boolean;
}

/** Tells which groups of phrases a text has any of, by one look at each of its words. */
export class PhraseIndex<G> {
  readonly #byWord = new Map<string, Phrase<G>[]>();
  readonly #byBeginning = new Map<string, Phrase<G>[]>();
  readonly #anywhere: { readonly group: G; readonly part: string }[] = [];

  add(group: G, phrase: string): void {
    if (!WITH_SPACES.test(phrase)) {
      this.#anywhere.push({ group, part: phrase });
      return;
    }
    const words = phrase.match(WORD) ?? [];
    const [first = ''] = words.map((word) => word.toLowerCase());
    const isOpen = phrase.endsWith('*');
    const [places, key] =
      isOpen && words.length === 1 ? [this.#byBeginning, first.slice(0, BEGINNING_LETTERS)] : [this.#byWord, first];
    const isExact = phrase !== phrase.toLowerCase();
    places.set(key, [...(places.get(key) ?? []), { group, words, isOpen, isExact }]);
  }

  groupsIn(text: string): ReadonlySet<G> {
    const written = text.match(WORD) ?? [];
    const lower = written.map((word) => word.toLowerCase());
    const found = new Set<G>();
    const look = (phrases: readonly Phrase<G>[] | undefined, at: number) => {
      if (phrases === undefined) return;
      for (const phrase of phrases) if (stands(phrase, phrase.isExact ? written : lower, at)) found.add(phrase.group);
    };
    for (const [at, word] of lower.entries()) {
      look(this.#byWord.get(word), at);
      look(this.#byBeginning.get(word.slice(0, BEGINNING_LETTERS)), at);
    }
    if (OF_OTHER_SCRIPTS.test(text))
      for (const { group, part } of this.#anywhere) if (text.includes(part)) found.add(group);
    return found;
  }
}

/** Whether a phrase stands in a text from this word on. */
function stands({ words, isOpen }: Phrase<unknown>, text: readonly string[], at: number): boolean {
  for (let i = 0; i < words.length; i += 1) {
    const [word = '', there = ''] = [words[i], text[at + i]];
    if (there !== word && !(isOpen && i === words.length - 1 && there.startsWith(word))) return false;
  }
  return true;
}
