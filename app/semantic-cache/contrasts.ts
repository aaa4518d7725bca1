import { ANTONYMS } from './antonyms.js';
import type { Term } from './read-terms.js';
import { areTurned } from './turned-words.js';
import { stemOf } from './word-stem.js';

/*
 * Words of which none is ever another, however the rest of the question is worded. What is missing here may cost a wrong answer, but only where the whole
 * question is worded anew: otherwise nothing passes that has another word.
 */

/** Of one kind: colours, meals, parts of the body. */
const KINDS = `
apple banana pear grape lemon cherry strawberry | arm leg hand foot knee shoulder | beef pork lamb chicken salmon tuna | bread pizza pasta rice cake
breakfast lunch dinner | bus plane train bike ship scooter motorcycle | coffee tea milk beer wine juice | cow pig sheep goat duck | day week month year
dog cat rabbit hamster horse bird | eye ear nose | father mother son daughter brother sister uncle aunt niece nephew
football basketball tennis golf hockey | gold silver copper iron steel | north south east west | piano violin guitar flute drum trumpet cello
potato tomato carrot onion cucumber lettuce | red orange yellow green blue purple pink brown black white grey | small medium large
spring summer autumn winter | usd eur gbp chf
`;

type Ends = readonly [string, string];

/** Two ends of what is more or less, sooner or later: each word of one end is the contrary of all of the other. */
const DEGREES: readonly Ends[] = [
  [
    'more most maximum max high big large tall heavy expensive pricey increase raise rise grow extend lengthen expand enlarge up',
    `less least few minimum min low short small little tiny cheap affordable decrease reduce lower lessen fall drop shrink shorten down bringdown cutdown`,
  ],
  ['fast quick quickly rapid speedy speedup accelerate early soon', 'slow slowly sluggish slowdown late'],
];

/** The same of what is good or bad, there or not, at work or not. The second end says that something is not so. */
const STATES: readonly Ends[] = [
  [
    'good best better safe healthy allow permit let legal lawful recommend recommended benefit useful suitable edible accept approve tolerate advantage pro',
    `bad worst worse avoid harm harmful dangerous unsafe risk risky toxic poisonous unhealthy illegal crime forbid forbidden ban prohibit deny reject refuse
     decline turndown block prevent disadvantage drawback con`,
  ],
  [
    'begin open create add enable turnon switchon activate gain install subscribe join enter signup register save keep retain remember include connect still',
    `end stop finish close delete remove erase disable turnoff switchoff shutdown deactivate lose quit cancel calloff revoke terminate uninstall unsubscribe
     exit giveup throwaway discard getrid getout optout forget lack miss exclude skip takedown takeaway keepaway keepout destroy undo revert back bringback
     takeback runout over offline`,
  ],
  ['work run function succeed pass', 'fail break crash freeze stick stuck hang'],
];

/** No end of anything tells it of these. */
const PAIRS = `
1st last | adult child | apart together | arrive depart | blunt sharp | care prevent | cause cure | cause prevent | cold warm | collapse expand
compress extract | consume produce | decrypt encrypt | deposit withdrawal | die live | domestic international | earn spend | easy hard | enter leave
expense income | extract insert | fake real | freeze thaw | fresh rotten | fridge freezer | get give | give receive | harvest plant | healthy sick
hide reveal | hire hireout | input output | join leave | join split | keep change | keep replace | landlord tenant | lease leaseout | lock open | loss profit
lower upper | mandatory optional | merge split | noise silence | offline online | old late | password username | pause resume | permanent temporary | polite rude
predator prey | prevent treat | read write | receive send | redo revert | redo undo | rent rentout | ripe rotten | run stop | save spend | student teacher
`;

const wordsOf = (line: string) => line.trim().split(/\s+/).map(degreeless);
const linesOf = (text: string) =>
  text
    .trim()
    .split(/ \| |\n/)
    .map(wordsOf);
const apart = (some: readonly string[], others: readonly string[]) =>
  some.flatMap((one) => others.flatMap((other) => (one === other ? [] : [`${one} ${other}`, `${other} ${one}`])));
const CONTRASTS: ReadonlySet<string> = new Set([
  ...[KINDS, PAIRS, ANTONYMS].flatMap(linesOf).flatMap((words) => apart(words, words)),
  ...[...DEGREES, ...STATES].flatMap(([end, contrary]) => apart(wordsOf(end), wordsOf(contrary))),
]);

/** Whether one of two different words excludes the other: "begin" and "end", "red" and "blue", "lock" and "unlock", "turn on" and "switch off". */
export function areContrasted(one: string, other: string): boolean {
  return CONTRASTS.has(`${degreeless(one)} ${degreeless(other)}`) || areTurned(one, other);
}

const DENIALS: ReadonlySet<string> = new Set(STATES.flatMap(([, not]) => wordsOf(not)));
const DENIES = /^(?:un(?!i|der|til)|non)|less$/;

/** Whether a word says that something is not so: what is "refused" does not work, whoever is "offline" has no connection. */
export function isDenial(word: string): boolean {
  return DENIALS.has(degreeless(word)) || DENIES.test(word);
}

const REFUSALS: ReadonlySet<string> = new Set(
  'avoid forbid forbidden ban prohibit refuse reject deny exclude lack prevent'.split(' ').map(stemOf),
);

/** Whether a word is as good as a negation: what is "forbidden" may not be done. */
export function isRefusal(word: string): boolean {
  return REFUSALS.has(stemOf(word));
}

/** The stem of "old" for "older" and "oldest". */
function degreeless(word: string): string {
  return stemOf(word.replace(/(?<=\p{L}{3})(?:er|est)$/u, ''));
}

/** "Scale it up" and "scale down the other": where the one goes only up and the other only down, wherever their words stand. */
export function goContraryWays(one: readonly Word[], other: readonly Word[]): boolean {
  const [ways, otherWays] = [waysOf(one), waysOf(other)];
  return ways.length === 1 && otherWays.length === 1 && ways[0] !== otherWays[0];
}

type Word = Pick<Term, 'text' | 'role' | 'exact'>;

function waysOf(words: readonly Word[]): readonly string[] {
  return ['up', 'down'].filter((way) =>
    words.some(
      ({ text, role, exact }) => role === way || (exact === null || exact === 'particle' ? text.endsWith(way) : false),
    ),
  );
}
