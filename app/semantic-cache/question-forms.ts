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
const AUXILIARY = 'is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|must';

const BEFORE_NAMES: readonly Restatement[] = [
  // What stands before the question.
  [/^(.+), what (?:do|should|can|must) (?:i|you|we) do$/, 'what do i do if $1'],
  // How to.
  [
    /^(?:i (?:want|need|would like|am trying) to|help me(?: to)?) (.+?),? (?:how (?:do|can) i do (?:that|this|it)|how)$/,
    'how do i $1',
  ],
  [/^what (?:do|must|should|would|can) (?:i|you|we|one) (?:(?:have|need) to )?do (?:in order )?to /, 'how do i '],
  [/^what (?:is|are) (?:required|needed|necessary) to /, 'what are required to '],
  [/^what steps (?:do i need to take|should i take|are (?:needed|required|necessary)) to /, 'how do i '],
  [/^how (?:do|can|should|would) (?:i|you|we|one) go about /, 'how do i '],
  [/^(?:(?:the )?(?:best way|steps|instructions|guide)|how|(?:show|teach) me how) to /, 'how do i '],
  // What may or must be done.
  [
    /^(?:is|are) there (?:a|an|any)(?: (?:good|easy))? (?:ways?|possibility|chance|option) (?:to|of|for me to) /,
    'way can anybody ',
  ],
  [new RegExp(`^(?:is it|would it be) (?:${MAY}) for (?!me |us |people )(.+?) to `), 'can $1 '],
  [new RegExp(`^(?:is it|would it be) (?:${MAY})(?: for (?:me|us|people))? (?:to|if (?:i|we|you)) `), 'can anybody '],
  [/^(?:am|are|is) (.+?) (?:allowed|permitted|able) to /, 'can $1 '],
  [/^(?:am|are|is) (.+?) unable to /, 'can $1 not '],
  [/^(why|when|where|how) (?:am|are|is) (.+?) unable to /, '$1 can $2 not '],
  [/^(?:is|are) (.+?) (?:allowed|permitted|possible)\b/, 'can $1'],
  [new RegExp(`^is it (?:${MUST}) to `), 'must anybody '],
  [new RegExp(`^(?:is|are) (.+?) (?:${MUST})\\b`), 'must $1'],
  [/^(?:am|are) (i|you|we) (?:required|obliged|supposed) to /, 'must $1 '],
  [/^do (i|you|we) (?:need|have) to (?:have |get )?/, 'must $1 '],
  [/^do (i|you|we) need /, 'must $1 '],
  // What there is.
  [/^(?:is|are) there (?:any )?(.+?) in (?!the (?:area|neighbourhood|neighborhood))(.+)$/, 'do $2 contain $1'],
  [/^do you (?:have|offer|sell|provide) /, 'is there '],
  [/^what is included in (.+)$/, 'what does $1 include'],
  // Why.
  [/^what (?:caused|made|led to|triggered|was causing) /, 'why did '],
  [/^what (?:(?:is|are|could be|might be) )?(?:causes|causing|cause|makes|making|leads to|triggers) /, 'why do '],
  [/^why (do|did) we /, 'why $1 people '],
  [/^(?:how come|for what reason|why is it that) /, 'why '],
  [/^what if /, 'what happens if '],
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
  [/^(?:what|which) number of /, 'how many '],
  [/^(?:what|which) amount of /, 'how much '],
  [/^(?:at|from) what age (?=do|does|can|should|may|must)/, 'when '],
  [/^(?:in|under) (?:what|which) (?:cases?|circumstances|conditions) /, 'when '],
  [/^(?:at|in|on|during|to) (what|which|how) /, '$1 '],
  [/\b(?:every|each|per) (hour|week|month|year)\b/g, '$1ly'],
  [/\b(?:every|each|per) day\b/g, 'daily'],
  [
    /^(?:what|which) (year|date|month|season|day|week|time) (was|were|did|does|do|is|will|can|should|must) /,
    'when $1 $2 ',
  ],
  [/^by when /, 'when '],
  [/^what is the (boiling|melting|freezing) point of (.+)$/, 'what temperature do $2 $1'],
];

const AFTER_NAMES: readonly Restatement[] = [
  [/^what (?:is|are) the reasons? (?:that |why )?/, 'why '],
  [/^when (?:is|are) (?:the )?(?:best |right )?time (?:to|for|of) /, 'when time '],
  [/^(?:what|which) (.+) (?:used|good|meant|needed) for$/, 'what purpose $1'],
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
  [/^what is (?:the )?(?:concept|idea|term) (?:of )?/, 'what is '],
  [/^what are some /, 'what are '],
  [/^how (many|much) (\p{L}+) (?:does|do) (.+) have$/u, 'how $1 $2 are $3'],
  [/^how (many|much) (\p{L}+) (?:is|are) (?:there )?(?:in|on) (.+)$/u, 'how $1 $2 are $3'],
  [/^how long (?:does|do) ((?:\p{L}+ )*?(?:flight|film|movie)\b.*) take$/u, 'how long is $1'],
  // How it is treated.
  [/^how (?:is|are) (.+) treated$/, 'what is the treatment for $1'],
  // After "do you know", in the order of a statement.
  [/^(where|when|how|what|why) (i|you|we|one|people) (can|could|should|must|may) /, '$1 $3 $2 '],
  [/^(?:tell me )?(?:whether|if) (i|you|we|one|people) (can|could|should|must|may) /, '$2 $1 '],
  // When.
  [
    /^(when|where) ((?:in|on|at|near) (?:the )?\p{L}+) ((?:can|could|do|does|did|should|is|are|was|were) .+)$/u,
    '$1 $3 $2',
  ],
  // Who did it.
  [
    new RegExp(`^who (?:is|was) the (${Object.keys(DOERS).join('|')}) of (.+)$`),
    (_, doer = '', rest = '') => `who ${DOERS[doer]} ${rest}`,
  ],
  [/^by whom (?:was|were) (.+) (\p{L}+ed)$/u, 'who $2 $1'],
  [/^who(?:m)? (?:was|were) (.+) (\p{L}+ed) by$/u, 'who $2 $1'],
  // Which it has.
  [/^(?:what|which) (\p{L}+) (?:does|do) (.+) have$/u, 'what are the $1 of $2'],
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
  [new RegExp(`^is it (${OF_DEEDS}) to (.+)$`), (_, adjective = '', verb = '') => deed(adjective, verb)],
  [new RegExp(`^is (\\p{L}+ing .+) (${OF_DEEDS})$`, 'u'), (_, verb = '', adjective = '') => deed(adjective, verb)],
  [
    new RegExp(`^(?:is|are) (?!it )(.+) (${OF_DEEDS}) to (\\p{L}+)((?: (?:in|on|at|during|for) .+)?)$`, 'u'),
    (_, object = '', adjective = '', verb = '', where = '') => deed(adjective, `${verb} ${object}${where}`),
  ],
  [/\b(add|create|open|make|build|register|get) (a|an) new\b/g, '$1 $2'],
  [/\bto (?:a foreign|another) country\b/g, 'abroad'],
  [/\b(?:have|has) to\b/g, 'must'],
  [/\b(?:have|get) (.+?) (\p{L}+ed)$/u, '$2 $1'],
  // "Isn't Pluto a planet", "is Pluto not a planet".
  [
    new RegExp(
      `^((?:\\p{L}+ )?(?:${AUXILIARY})) not (?!(?:all|every\\p{L}*|each|both|any\\p{L}*|many|most|some\\p{L}*|only|always)\\b)((?:the |a |an )?\\p{L}+) `,
      'u',
    ),
    '$1 $2 not ',
  ],
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

function deed(adjective: string, verb: string): string {
  return adjective === 'safe' || adjective === 'possible' ? `can anybody ${verb}` : `is ${adjective} to ${verb}`;
}
