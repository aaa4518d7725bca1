import type { Term } from './read-terms.js';
import { stemOf } from './word-stem.js';

/**
 * Words of one kind, of which none is ever another, however the rest of the question is worded: contraries, colours, meals. What is missing here may cost a wrong
 * answer, but only where the whole question is worded anew: otherwise nothing passes that has another word.
 */
const CONTRASTS = `
accept decline | accept refuse | accept reject | add delete | add remove | adult child | advantage disadvantage | alive dead | allow block
allow forbid | allow prevent | apart together | apple banana pear grape lemon cherry strawberry | approve reject | arm leg hand foot knee shoulder
arrive depart | arrive leave | ascend descend | asset liability | attach detach | attack defend | back front | backward forward | bad good
beef pork lamb chicken salmon tuna | begin end | begin finish | begin stop | big small | blunt sharp | borrow lend | borrower lender | bottom top
bread pizza pasta rice cake | breakfast lunch dinner | bus plane train bike ship scooter motorcycle | buy sell | buyer seller | cancel subscribe
care prevent | cause cure | cause prevent | cheap expensive | child parent | clean dirty | close open | coffee tea milk beer wine juice | cold hot
cold warm | collapse expand | complex simple | compress extract | con pro | connect disconnect | consume produce | cook raw | cool heat
cow pig sheep goat duck | create delete | create destroy | credit debit | dangerous safe | day night | day week month year | decrease increase
decrypt encrypt | deep shallow | defeat victory | defendant plaintiff | delete save | demote promote | deposit withdraw | deposit withdrawal
die live | difficult easy | dog cat rabbit hamster horse bird | downgrade upgrade | download upload | downstream upstream | dry wet | early late
earn spend | easy hard | employee employer | empty full | enter exit | enter leave | expense income | export import | extract insert | eye ear nose
fail pass | fail succeed | failure success | fake real | fall rise | false true | far near | fast slow
father mother son daughter brother sister uncle aunt niece nephew | female male | find lose | fire hire | first last | float sink | follower leader
football basketball tennis golf hockey | forget remember | freeze thaw | fresh rotten | fridge freezer | front rear | future past | gain lose
get give | give receive | gold silver copper iron steel | gross net | grow shrink | guilty innocent | hard soft | harvest plant | hate love
healthy sick | heavy light | hide reveal | hide show | high low | higher lower | horizontal vertical | husband wife | illegal legal | increase reduce
indoor outdoor | input output | inside outside | join leave | join split | king queen | landlord tenant | least most | left right | less more
lock open | long short | loose tight | lose win | loss profit | lower upper | majority minority | man woman | mandatory optional | max min
maximum minimum | merge split | narrow wide | negative positive | new old | noise silence | north south east west | offline online | old young
password username | pause resume | permanent temporary | piano violin guitar flute drum trumpet cello | plural singular | poor rich
potato tomato carrot onion cucumber lettuce | predator prey | prevent treat | private public | pull push | read write | receive send
red orange yellow green blue purple pink brown black white grey | redo revert | redo undo | ripe rotten | rough smooth | save spend | short tall
sleep wake | small medium large | sour sweet | spring summer autumn winter | start stop | strength weakness | strong weak | student teacher
sunrise sunset | thick thin | usd eur gbp chf
allow ban | allow prohibit | avoid good | avoid safe | ban legal | cool warm | domestic international | edible poisonous | edible toxic | harmful safe | hire hireout | least maximum | lease leaseout
minimum most | old late | poisonous safe | polite rude | rent rentout | risky safe | run stop | safe toxic
`;

const PAIRS: ReadonlySet<string> = new Set(
  CONTRASTS.trim()
    .split(/ \| |\n/)
    .map((line) => line.split(' ').map(degreeless))
    .flatMap((words) =>
      words.flatMap((one) => words.filter((other) => other !== one).map((other) => `${one} ${other}`)),
    ),
);

/** The stem of "old" for "older" and "oldest". */
function degreeless(word: string): string {
  return stemOf(word.replace(/(?<=\p{L}{3})(?:er|est)$/u, ''));
}

const UN = /^(?:un|in|im|il|ir|dis|non|de|mis|over|under)/;
const pairsOf = (text: string) => text.split(' | ').map((pair) => pair.split(' ') as [string, string]);
/** What turns one word into its contrary: "enable" and "disable", "include" and "exclude", "increase" and "decrease". */
const BEGINNINGS = pairsOf(
  'in ex | im ex | in de | en dis | up down | over under | pre post | hyper hypo | intra inter',
);
/** "Harmful" and "harmless", "payer" and "payee"; "turn on" and "switch off". */
const ENDINGS = pairsOf('ful less | er ee | or ee');
const PARTICLES = pairsOf('on off | in out | up down');

/** Whether one of two different words excludes the other: "begin" and "end", "red" and "blue", "lock" and "unlock", "turn on" and "switch off". */
export function areContrasted(one: string, other: string): boolean {
  if (PAIRS.has(`${degreeless(one)} ${degreeless(other)}`)) return true;
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (UN.test(longer) && longer.replace(UN, '') === shorter) return true;
  const end = (ending: string, another: string) => one.endsWith(ending) && other.endsWith(another);
  if (PARTICLES.some(([some, others]) => end(some, others) || end(others, some))) return true;
  return (
    isTurned(withoutInflection(one), withoutInflection(other), BEGINNINGS, withoutBeginning) ||
    isTurned(one, other, ENDINGS, withoutEnding)
  );
}

const withoutInflection = (word: string) => word.replace(/(?:ed|ing|e)$/, '');

type Strip = (word: string, part: string) => string | undefined;
const withoutBeginning: Strip = (word, part) => (word.startsWith(part) ? word.slice(part.length) : undefined);
const withoutEnding: Strip = (word, part) => (word.endsWith(part) ? word.slice(0, -part.length) : undefined);

/** Whether the words are one but for a pair of parts, of which each has another. */
function isTurned(one: string, other: string, pairs: readonly (readonly [string, string])[], strip: Strip): boolean {
  const areOne = (some?: string, another?: string) => some !== undefined && some.length > 2 && some === another;
  return pairs.some(
    ([part, contrary]) =>
      areOne(strip(one, part), strip(other, contrary)) || areOne(strip(one, contrary), strip(other, part)),
  );
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
