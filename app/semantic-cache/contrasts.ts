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
`;

const PAIRS: ReadonlySet<string> = new Set(
  CONTRASTS.trim()
    .split(/ \| |\n/)
    .map((line) => line.split(' ').map(stemOf))
    .flatMap((words) =>
      words.flatMap((one) => words.filter((other) => other !== one).map((other) => `${one} ${other}`)),
    ),
);

const UN = /^(?:un|in|im|il|ir|dis|non|de|mis|over|under)/;
const PARTICLES = ['on off', 'in out', 'up down'].map((pair) => pair.split(' ') as [string, string]);

/** Whether one of two different words excludes the other: "begin" and "end", "red" and "blue", "lock" and "unlock", "turn on" and "switch off". */
export function areContrasted(one: string, other: string): boolean {
  if (PAIRS.has(`${stemOf(one)} ${stemOf(other)}`)) return true;
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (UN.test(longer) && longer.replace(UN, '') === shorter) return true;
  const end = (ending: string, another: string) => one.endsWith(ending) && other.endsWith(another);
  return PARTICLES.some(([some, others]) => end(some, others) || end(others, some));
}
