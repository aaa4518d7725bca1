import { restateAskedByName } from './asked-by-name.js';

/**
 * Ways to ask the same, each brought to one: a pattern of the whole question in small letters, without its mark, and what it is said as. Only what asks
 * for the same answer whatever the words in it are. Where a pattern is left out, an answer is computed anew; where it is wrong, a wrong one may be given.
 */
type Restatement = readonly [RegExp, string | ((...groups: string[]) => string)];

/** Who did it, and what was done. Nobody ceases to be the author, or to have won; a director does, so is not here. */
const DOERS: Readonly<Record<string, string>> = {
  author: 'wrote',
  writer: 'wrote',
  inventor: 'invented',
  painter: 'painted',
  discoverer: 'discovered',
  founder: 'founded',
  winner: 'won',
  composer: 'composed',
};

/** Adjectives that say of a deed what they say of its object: a fish that is legal to eat, to eat which is legal. */
const OF_DEEDS = 'safe|unsafe|legal|illegal|hard|easy|difficult|dangerous|possible|impossible|healthy|unhealthy';

const MAY = 'possible|allowed|permitted|ok|okay|fine|alright|safe';
const MUST = 'required|needed|necessary|mandatory|compulsory|obligatory';
const TIMES = 'seconds|minutes|hours|days|weeks|months|years';

const BEFORE_NAMES: readonly Restatement[] = [
  // How to.
  [/^what (?:do|must|should|would|can) (?:i|you|we|one) (?:(?:have|need) to )?do (?:in order )?to /, 'how do i '],
  [/^what steps (?:do i need to take|should i take|are (?:needed|required|necessary)) to /, 'how do i '],
  [/^how (?:do|can|should|would) (?:i|you|we|one) (?:go about|best) /, 'how do i '],
  [/^what is the (\p{L}+) (?:process|procedure) (for|of|on) /u, 'how do i $1 $2 '],
  [
    /^(?:what|which) (?:is the )?(?:(\p{L}+) )?command (?:is used to|do i (?:use|need) to|to|for|lets me) (.+)$/u,
    commandFor,
  ],
  [
    /^(?:what|which) (?:(\p{L}+) )?command ((?!is |are |do |does |can )\p{L}+)s (.+)$/u,
    (_, tool = '', verb = '', rest = '') => commandFor(_, tool, `${verb} ${rest}`),
  ],
  [/^where (?:do|can|should) (?:i|you|we|one) (?=(?:(?:see|view|check) my|download|track)\b)/, 'how do i '],
  [/^(?:(?:the )?(?:best way|steps|instructions|guide)|how|(?:show|teach) me how) to /, 'how do i '],
  [/^where is my (order|parcel|package|shipment|delivery)$/, 'how do i track my $1'],
  [
    /^(?:what is|how (?:do|can) i (?:check|see|view|find out)) the status of my (order|parcel|package|shipment|delivery)$/,
    'how do i track my $1',
  ],
  [
    /^how (?:do|can) (?:i|you|we|one) (?:tell|know) (?:if|whether|that) (?:i|you|someone|somebody) (?:am|is|are|have|has) /,
    'what are the signs of ',
  ],
  // What may or must be done.
  [
    /^do you (?:accept|take) ((?:credit |debit )?cards?|cash|paypal|visa|mastercard|apple pay|google pay|klarna|cheques?|bank transfers?)(?: payments?)?$/,
    'can i pay with $1',
  ],
  [
    /^(?:is|are) there (?:a|an|any)(?: (?:good|easy))? (?:ways?|possibility|chance|option) (?:to|of|for me to) /,
    'way can anybody ',
  ],
  [new RegExp(`^(?:is it|would it be) (?:${MAY}) for (?!me |us |people )(.+?) to `), 'can $1 '],
  [new RegExp(`^(?:is it|would it be) (?:${MAY})(?: for (?:me|us|people))? (?:to|if (?:i|we|you)) `), 'can anybody '],
  [/^(why|when|where|how) (?:am|are|is) (.+?) unable to /, '$1 can $2 not '],
  [new RegExp(`^(?:is|are) (.+?) (?:${MUST})\\b`), 'must $1'],
  // What there is.
  [/^(?:is|are) there (?:any )?(.+?) in (?!the (?:area|neighbourhood|neighborhood))(.+)$/, 'do $2 contain $1'],
  [/^do you (?:have|offer|sell|provide) /, 'is there '],
  // Why.
  [/^what (?:can|could|may|might) be (?=the (?:reason|cause)\b)/, 'what is '],
  [/^what (?:caused|made|led to|triggered|was causing) /, 'why did '],
  [/^what (?:(?:is|are|could be|might be) )?(?:causes|causing|cause|makes|making|leads to|triggers) /, 'why do '],
  [/^(?:how come|for what reason|why is it that) /, 'why '],
  [/^what (?:if|happens when) /, 'what happens if '],
  [/^what does it take to /, 'how do i '],
  [/^how (?:high|large|big) (?=(?:is|are) the (?:average|minimum|maximum|total|normal)\b)/, 'what '],
  // How much of it.
  [/^how (?:frequently|regularly)/, 'how often'],
  [/^how many times (?:(?:a|per|each|every) (day|week|month|year) )?/, 'how often $1 '],
  [
    new RegExp(
      `^(?:for |within |in |after )?how many (${TIMES}) (?=do|does|did|is it|is the|will|should|until|can|may|before|must|after)`,
    ),
    'how long $1 ',
  ],
  [/^(?:for how long|how much time) (?=do|does|did|is|will|can|should|must|before|until)/, 'how long '],
  [/^(?:what|which) amount of /, 'how much '],
  [/^what (?:is|are) the (warranty|guarantee|notice|trial|probation|return|retention) period\b/, 'how long is the $1'],
  [
    /^what (?:is|are) the (delivery|shipping|processing|waiting|response|travel|cooking|baking) times?\b/,
    'how long do $1 take',
  ],
  [/^(?:at|from) what age (?=do|does|can|should|may|must)/, 'when '],
  [/^(?:in|under) (?:what|which) (?:cases?|circumstances|conditions) /, 'when '],
  [/^(?:at|in|on|during) (what|which|how) /, '$1 '],
  [
    /^(?:what|which) (year|date|month|season|day|week|time) (was|were|did|does|do|is|will|can|should|must) /,
    'when $1 $2 ',
  ],
  [/^what is the (boiling|melting|freezing) point of (.+)$/, 'what temperature do $2 $1'],
];

const AFTER_NAMES: readonly Restatement[] = [
  [/^what (?:is|are) the reasons? (?:that |why )?/, 'why '],
  [/^when (?:is|are) (?:the )?(?:best |right )?time (?:to|for|of) /, 'when time '],
  [/^what (?:is|are) (.+) short for$/, 'what is $1'],
  [/^what (?:is|are) (.+) for$/, 'what purpose $1'],
  [/^what (?:does|do) ((?!i |you |we |one |people |someone ).+?) do((?: in .+| for .+)?)$/, 'what purpose $1$2'],
  [/^how much (?:is|are) (.+)$/, 'how much cost $1'],
  [/^(?:what|how much) (?:does|do|did|will|would) (.+) cost\b/, 'how much cost $1'],
  [/^how high\b/, 'how tall'],
  [/^how far away\b/, 'how far'],
  [
    /^how far (?:is it |is |are )?(?:between |from )?(.+?) (?:and|from|to) (.+)$/,
    (_, one = '', other = '') => `how far ${inAnyOrder(one, other)}`,
  ],
  [/^(how fast .+) (?:travel|go|move|run)s?$/, '$1'],
  [/(?<=^how long (?!is|are|was).*) (?:last|take|keep|be kept|live(?=$))s?\b(?! (?:a|an|the|to)\b)/u, ''],
  [/^(how long .+) (?:valid|good)$/, '$1'],
  // What it is.
  [/^what (?:does|do) (.+) (?:mean|stand for)((?: in .+)?)$/, 'what is $1$2'],
  [/^how (?:would|do|can) you (?:define|describe|explain) /, 'what is '],
  [/^what is (?:meant by|the definition of|the meaning of (?!life\b)) ?/, 'what is '],
  [
    /^(?:(?:can|could|would) you )?(?:please )?(?:explain|define|describe) (?:to me )?((?:\S+ ){0,3}\S+?)(?: to me)?$/,
    'what is $1',
  ],
  [/^explain (?:the )?(?:concept|idea|notion|term|meaning) of /, 'what is '],
  [/^what is the (?:word|concept|idea|term|abbreviation) (?:of )?/, 'what is '],
  [/^what are some /, 'what are '],
  // How it is treated.
  [/^how (?:is|are) (.+) treated$/, 'what is the treatment for $1'],
  [
    /^(?:what (?:is|are) )?(?:the |your )?(?:opening|business) hours(?: (?:of|for|at) (.+))?$/,
    (_, of = 'you') => `when are ${of} open`,
  ],
  [/^what (?:is|are) (?:the |your )?(office|shop|store|library) hours$/, 'when is the $1 open'],
  // Who did it.
  [
    new RegExp(`^who (?:is|was) the (${Object.keys(DOERS).join('|')}) of (.+)$`),
    (_, doer = '', rest = '') => `who ${DOERS[doer]} ${rest}`,
  ],
  [/^by whom (?:was|were) (.+) (\p{L}+ed)$/u, 'who $2 $1'],
  // Which it has.
  [
    /^(what|which) (.+?) (is|are) the ((?:most |least )?\p{L}+(?:est|(?<=most .*)|(?<=least .*))|best|worst)((?: in| of| on) .+)?$/u,
    (_, which = '', noun = '', be = '', superlative = '', where = '') =>
      `${which} ${be} the ${superlative} ${noun}${where ?? ''}`,
  ],
  // What sets them apart: the order of the two is nothing to it.
  [/^(how (?:do|does) .+ differ) from (?:each other|one another)$/, '$1'],
  [/^how (?:is|are) (.+) different from (.+)$/, (_, one = '', other = '') => apart(one, other)],
  [
    /^how (?:do|does) (.+) (?:and|differ from) (.+?)(?: differ)?$/,
    (whole, one = '', other = '') => (whole.includes('differ') ? apart(one, other) : whole),
  ],
  [/^what (?:is|are) the differences? between (.+) and (.+)$/, (_, one = '', other = '') => apart(one, other)],
  // Whether something may be done: by the deed and by its object.
  [new RegExp(`^is (\\p{L}+ing .+) (${OF_DEEDS})$`, 'u'), (_, verb = '', adjective = '') => deed(adjective, verb)],
  [
    new RegExp(`^(?:is|are) (?!it )(.+) (${OF_DEEDS}) to (\\p{L}+)((?: (?:in|on|at|during|for) .+)?)$`, 'u'),
    (_, object = '', adjective = '', verb = '', where = '') => deed(adjective, `${verb} ${object}${where}`),
  ],
  [/\b(create|make|open|set ?up|generate|register) (?:a|an) new /g, '$1 a '],
  [/\b(?:have|has) to\b/g, 'must'],
  [/\b(?:have|get) (.+?)(?<! (?:i|you|we|he|she|they)) (\p{L}+ed)$/u, '$2 $1'],
];

/** @returns the question with each form brought to the one that stands for it */
export function restateForms(question: string): string {
  return restateBy(AFTER_NAMES, restateAskedByName(restateBy(BEFORE_NAMES, question)));
}

function restateBy(restatements: readonly Restatement[], question: string): string {
  return restatements.reduce(
    (text, [pattern, instead]) =>
      typeof instead === 'string' ? text.replace(pattern, instead) : text.replace(pattern, instead),
    question,
  );
}

function apart(one: string, other: string): string {
  return `what is the difference ${inAnyOrder(one, other)}`;
}

function inAnyOrder(one: string, other: string): string {
  const bare = [one, other].map((name) => name.replace(/^(?:a|an|the) /, ''));
  return `between ${bare.sort().join(' and ')}`;
}

/** "Which systemd command restarts a service": how one does it with that tool. */
function commandFor(_: string, tool = '', deed = ''): string {
  return `how do i ${tool} ${deed}`;
}

function deed(adjective: string, verb: string): string {
  return adjective === 'safe' || adjective === 'possible' ? `can anybody ${verb}` : `is ${adjective} to ${verb}`;
}
