const INITIALS = /(?<![\p{L}\p{N}])\p{Lu}{2,5}(?![\p{L}\p{N}])/gu;
const WORD = /[\p{L}\p{N}]+/gu;
/** What initials leave out: "time of arrival" is TA, "department of health" DOH. */
const LINKS = new Set(['of', 'and', 'the', 'for']);

/** Letters: "us something" is not US. */
const SHORTEST = 3;

/** A question with its initials written out, where the other has the words: "the UN" beside "the United Nations". */
export function writeOutInitials(question: string, other: string): string {
  const words = [...other.matchAll(WORD)];
  return question.replace(INITIALS, (initials) => {
    for (const from of words.keys()) {
      const to = endOf(initials.toLowerCase(), words, from);
      if (to !== undefined) return other.slice(words[from]?.index, to);
    }
    return initials;
  });
}

/** Where words end that begin with these letters, the first of them at a place. */
function endOf(letters: string, words: readonly RegExpExecArray[], from: number): number | undefined {
  let at = from;
  for (const [i, letter] of [...letters].entries()) {
    const link = words[at]?.[0].toLowerCase();
    if (i > 0 && link !== undefined && LINKS.has(link) && link[0] !== letter) at += 1;
    const word = words[at]?.[0].toLowerCase() ?? '';
    if ((word.length < SHORTEST && !LINKS.has(word)) || word[0] !== letter) return undefined;
    at += 1;
  }
  const last = words[at - 1];
  return last === undefined ? undefined : last.index + last[0].length;
}
