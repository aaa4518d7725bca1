const ENGLISH_WORD = /^[a-z]{4,}$/;
const VOWEL = /[aeiouy]/;

/** Suffix and what takes its place, tried in this order. */
const ENDINGS: readonly (readonly [suffix: string, replacement: string])[] = [
  ['iness', 'y'],
  ['ness', ''],
  ['ations', ''],
  ['ation', ''],
  ['ions', ''],
  ['ion', ''],
  ['ments', ''],
  ['ment', ''],
  ['ings', ''],
  ['ing', ''],
  ['vals', 'v'],
  ['val', 'v'],
  ['ied', 'y'],
  ['ies', 'y'],
  ['edly', ''],
  ['ed', ''],
  ['sses', 'ss'],
  ['ly', ''],
  ['s', ''],
  ['e', ''],
];

/**
 * Reduces the forms of an English word to one (`deployments`, `deployed` and `deploy` to `deploy`). The result is a key to
 * compare by, not always a word. Other words stay as they are. A few of Porter's rules (1980), applied until none fits, so that
 * a form whose stem looks inflected (`embedding`, `embed`) still meets the others.
 *
 * @param word in lower case
 */
export function stem(word: string): string {
  if (!ENGLISH_WORD.test(word)) return word;
  for (const [suffix, replacement] of ENDINGS) {
    if (!word.endsWith(suffix) || (suffix === 's' && /(ss|us|is)$/.test(word))) continue;
    const rest = word.slice(0, -suffix.length) + replacement;
    if (rest.length >= 3 && VOWEL.test(rest)) return stem(rest.replace(/([^aeiouylsz])\1$/, '$1'));
  }
  return word;
}
