import { stemOf } from './word-stem.js';

/** Of two such words one is never the other, however the rest of the question is worded. What is missing here may cost a wrong answer only where a whole question is worded anew. */
const OPPOSITES = `
accept decline | accept refuse | accept reject | add delete | add remove | adult child | advantage disadvantage | alive dead | allow block
allow forbid | allow prevent | apart together | approve reject | arrive depart | arrive leave | ascend descend | asset liability | attach detach
attack defend | aunt uncle | autumn spring | back front | backward forward | bad good | begin end | begin finish | begin stop | big small
blunt sharp | borrow lend | borrower lender | bottom top | brother sister | buy sell | buyer seller | cancel subscribe | care prevent | cause cure
cause prevent | cheap expensive | child parent | clean dirty | close open | cold hot | cold warm | collapse expand | complex simple | compress extract
con pro | connect disconnect | consume produce | cook raw | cool heat | create delete | create destroy | credit debit | dangerous safe | daughter son
day night | decrease increase | decrypt encrypt | deep shallow | defeat victory | defendant plaintiff | delete save | demote promote
deposit withdraw | deposit withdrawal | die live | difficult easy | downgrade upgrade | download upload | downstream upstream | dry wet | early late
earn spend | east west | easy hard | employee employer | empty full | enter exit | enter leave | expense income | export import | extract insert
fail pass | fail succeed | failure success | fake real | fall rise | false true | far near | fast slow | father mother | female male | find lose
fire hire | first last | float sink | follower leader | forget remember | freeze thaw | freezer fridge | fresh rotten | front rear | future past
gain lose | get give | give receive | gross net | grow shrink | guilty innocent | hard soft | harvest plant | hate love | healthy sick | heavy light
hide reveal | hide show | high low | higher lower | horizontal vertical | husband wife | illegal legal | increase reduce | indoor outdoor
input output | inside outside | join leave | join split | king queen | landlord tenant | least most | left right | less more | lock open | long short
loose tight | lose win | loss profit | lower upper | majority minority | man woman | mandatory optional | max min | maximum minimum | merge split
narrow wide | negative positive | new old | noise silence | north south | offline online | old young | pause resume
permanent temporary | plural singular | poor rich | predator prey | prevent treat | private public | pull push | read write | receive send
redo revert | redo undo | ripe rotten | rough smooth | save spend | short tall | sleep wake | sour sweet | start stop | strength weakness
strong weak | student teacher | summer winter | sunrise sunset | thick thin
`;

const PAIRS: ReadonlySet<string> = new Set(
  OPPOSITES.trim()
    .split(/ \| |\n/)
    .flatMap((pair) => {
      const [one = '', other = ''] = pair.split(' ').map(stemOf);
      return [`${one} ${other}`, `${other} ${one}`];
    }),
);

const UN = /^(?:un|in|im|il|ir|dis|non|de|mis|over|under)/;
const PARTICLES = ['on off', 'in out', 'up down'].map((pair) => pair.split(' ') as [string, string]);

/** Whether one word says the contrary of another: "begin" and "end", "lock" and "unlock", "turn on" and "switch off". */
export function areOpposites(one: string, other: string): boolean {
  if (PAIRS.has(`${stemOf(one)} ${stemOf(other)}`)) return true;
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (UN.test(longer) && longer.replace(UN, '') === shorter) return true;
  const end = (ending: string, another: string) => one.endsWith(ending) && other.endsWith(another);
  return PARTICLES.some(([some, others]) => end(some, others) || end(others, some));
}
