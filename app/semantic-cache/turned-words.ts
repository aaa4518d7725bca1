import { particleOf } from './phrasal-verbs.js';

const UN = /^(?:un|in|im|il|ir|dis|non|de|mis|over|under|anti)/;
const pairsOf = (text: string) => text.split(' | ').map((pair) => pair.split(' ') as [string, string]);
/** What turns one word into its contrary: "enable" and "disable", "include" and "exclude", "increase" and "decrease". */
const BEGINNINGS = pairsOf(
  'in ex | im ex | in de | en dis | up down | over under | pre post | hyper hypo | intra inter',
);
/** "Harmful" and "harmless", "payer" and "payee"; "turn on" and "switch off". */
const ENDINGS = pairsOf('ful less | er ee | or ee');
const PARTICLES = pairsOf('on off | in out | up down');

/** Whether one word is made of the other, or both of a third, by parts that say the contrary: "lock" and "unlock", "turn on" and "switch off". */
export function areTurned(one: string, other: string): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (UN.test(longer) && longer.replace(UN, '') === shorter) return true;
  const ways = [one, other].map(particleOf);
  if (PARTICLES.some((pair) => pair.every((way) => ways.includes(way)))) return true;
  return (
    haveTurnedPart(withoutInflection(one), withoutInflection(other), BEGINNINGS, withoutBeginning) ||
    haveTurnedPart(one, other, ENDINGS, withoutEnding)
  );
}

const withoutInflection = (word: string) => word.replace(/(?:ed|ing|e)$/, '');

type Strip = (word: string, part: string) => string | undefined;
const withoutBeginning: Strip = (word, part) => (word.startsWith(part) ? word.slice(part.length) : undefined);
const withoutEnding: Strip = (word, part) => (word.endsWith(part) ? word.slice(0, -part.length) : undefined);

/** Whether the words are one but for a pair of parts, of which each has another. */
function haveTurnedPart(
  one: string,
  other: string,
  pairs: readonly (readonly [string, string])[],
  strip: Strip,
): boolean {
  const areOne = (some?: string, another?: string) => some !== undefined && some.length > 2 && some === another;
  return pairs.some(
    ([part, contrary]) =>
      areOne(strip(one, part), strip(other, contrary)) || areOne(strip(one, contrary), strip(other, part)),
  );
}
