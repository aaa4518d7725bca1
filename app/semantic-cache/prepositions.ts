/** Words that say how what follows them stands to the rest: the one word in "before lunch", the first word of "if it rains". */
export const PREPOSITIONS = new Set(
  `of in on at by for with to from into onto before after until till since during while above below over under between than through because unless if
  against like within via about as per behind near towards across around when upon beyond despite out off up down outside inside`.split(
    /\s+/,
  ),
);

/** Those that may have a whole clause behind them, its verb too. */
export const CONJUNCTIONS = new Set('after before until till since while because unless if when than'.split(' '));

/** What is said by either of two of them before the same word, in one sentence or another. Of all others one is not the other. */
const INTERCHANGEABLE = new Set(
  `of in|of with|of for|of from|of on|of at|in for|in at|in from|in during|in within|in inside|in into|at on|on from|on onto|for to|for during|with by|with via|by via|by through|through via
  while during|while when|when during|until till|when if|about on|per in|about of|towards to|as to|between from`
    .split(/[\n|]\s*/)
    .flatMap((pair) => [pair, pair.split(' ').reverse().join(' ')]),
);

/** The same before a name: one is "in Linux" and "on Linux". */
const BEFORE_NAMES = new Set('in on at with within inside'.split(' '));

/** Whether "one lunch" may be "other lunch" in another wording of the sentence. */
export function mayStandFor(one: string, other: string, isBeforeName: boolean): boolean {
  if (isBeforeName && BEFORE_NAMES.has(one) && BEFORE_NAMES.has(other)) return true;
  return one === other || INTERCHANGEABLE.has(`${one} ${other}`);
}

/** Of each of these one is never another, however the rest is worded. */
const OPPOSED = [
  'from to into onto',
  'before after during within until till since',
  'with without',
  'over under above below between',
  'up down',
  'for against',
  'if unless',
  'in inside out outside',
  'on off',
].map((words) => new Set(words.split(' ')));

export function excludeEachOther(one: string, other: string): boolean {
  return OPPOSED.some((words) => words.has(one) && words.has(other));
}

/** Before these stands another part of what is done than behind them, in any wording. */
const BETWEEN_PARTS = new Set('before after until till since from into onto than'.split(' '));

export function tellsParts(preposition: string): boolean {
  return BETWEEN_PARTS.has(preposition);
}
