/**
 * Ways to ask the same, each brought to one: a pattern of the whole question in small letters, without its mark, and what it is said as. Only what asks
 * for the same answer whatever the words in it are. Where a pattern is left out, an answer is computed anew; where it is wrong, a wrong one is given.
 */
type Restatement = readonly [RegExp, string | ((...groups: string[]) => string)];

/** What is measured, by the noun and by the adjective. */
const MEASURED: Readonly<Record<string, string>> = {
  age: 'old',
  height: 'tall',
  length: 'long',
  depth: 'deep',
  width: 'wide',
  weight: 'heavy',
  size: 'big',
};

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

/** Adjectives that say of a deed what they say of its object: a fish that is safe to eat, to eat which is safe. */
const OF_DEEDS = 'safe|unsafe|legal|illegal|hard|easy|difficult|dangerous|possible|impossible|healthy|unhealthy';

const AUXILIARY = 'is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|must';

const of = (table: Readonly<Record<string, string>>) => Object.keys(table).join('|');

export const RESTATEMENTS: readonly Restatement[] = [
  // How to.
  [
    /^what (?:is|are) (?:the|a)? ?(?:best |right |proper |correct )?(?:way|ways|method|steps) (?:to|of) (?=(\S+))/,
    (_, verb = '') => (verb.endsWith('ing') ? 'how do ~' : 'how do '),
  ],
  [/^(?:the )?(?:best way|steps) to /, 'how do '],
  [/^what (?:should|can|could) (?:i|you|we|one) do to (?=\p{L}+ (?:a|an|the|your|my) )/u, 'how do '],
  [/^how to /, 'how do '],
  [/^(?:show|teach) me how to /, 'how do '],
  [/^how do ~(\p{L}+)/u, (_, verb = '') => `how do ${stemOf(verb)}`],
  // What it is.
  [/^what (?:does|do) (.+) (?:mean|stand for)((?: in .+)?)$/, 'what is $1$2'],
  [/^what (?:is|are) (.+) short for$/, 'what is $1'],
  [/^what is the (?:definition of|meaning of (?!life\b)) ?/, 'what is '],
  [/^(?:can|could|would) you (?:please )?(?:explain|define) (\S+)$/, 'what is $1'],
  [/^explain (?=(?:the )?(?:concept|idea|law|meaning|principle|theory) of |\p{L}+$)/u, 'what is '],
  [/^what are some /, 'what are '],
  // Why.
  [/^what makes (.+ \p{L}+)$/u, 'why is $1'],
  [/^what (?:is|are) the reasons? (?:that |why )?(?!for\b)/, 'why '],
  [/^how come /, 'why '],
  // How much of it.
  [
    new RegExp(`^what (is|was) the (${of(MEASURED)}) of (.+)$`),
    (_, be = '', noun = '', rest = '') => `how ${MEASURED[noun]} ${be} ${rest}`,
  ],
  [/^what is (?:the )?population of (.+)$/, 'how many people live in $1'],
  [/^what is the (?:cost|price) of (.+)$/, 'how much do $1 cost'],
  [/^how (many|much) (\p{L}+) (?:does|do) (.+) have$/u, 'how $1 $2 are $3'],
  [/^how (many|much) (\p{L}+) (?:is|are) (?:there )?(?:in|on) (.+)$/u, 'how $1 $2 are $3'],
  [/^for how long |^how much time (?=do|does|did|is|will)/, 'how long '],
  [new RegExp(`^(?:at|to|of) (?:what|which) (${of(MEASURED)}) `), (_, noun = '') => `how ${MEASURED[noun]} `],
  [/^how long (?:does|do) ((?:\p{L}+ )*?(?:flight|film|movie)\b.*) take$/u, 'how long is $1'],
  // How it is treated.
  [/^how (?:is|are) (.+) treated$/, 'what is the treatment for $1'],
  [/^what is the treatment of /, 'what is the treatment for '],
  // After "do you know", in the order of a statement.
  [/^(where|when|how|what|why) (i|you|we|one|people) (can|could|should|must|may) /, '$1 $3 $2 '],
  [/^(?:tell me )?(?:whether|if) (i|you|we|one|people) (can|could|should|must|may) /, '$2 $1 '],
  // When.
  [/^(?:in |on )?(?:what|which) (?:year|date) (was|were|did|does|do|is|will) /, 'when $1 '],
  [
    /^(when|where) ((?:in|on|at|near) (?:the )?\p{L}+) ((?:can|could|do|does|did|should|is|are|was|were) .+)$/u,
    '$1 $3 $2',
  ],
  [/^what (is|are|was|were) (the (?:\p{L}+ )?(?:time|date|day|month|season) (?:to|for|of) )/u, 'when $1 $2'],
  [/^(?:in|on|at|during) (what|which) (year|month|day|century|season) /, '$1 $2 '],
  [/^what happens (?:when|if) /, 'what happens if '],
  // Who did it.
  [
    new RegExp(`^who (?:is|was) the (${of(DOERS)}) of (.+)$`),
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
  [
    /^how (?:do|does) (.+) (?:and|differ from) (.+?)(?: differ)?$/,
    (whole, one = '', other = '') => (whole.includes('differ') ? apart(one, other) : whole),
  ],
  [/^what (?:is|are) the differences? between (.+) and (.+)$/, (_, one = '', other = '') => apart(one, other)],
  // Whether something may be done: by the deed and by its object.
  [
    new RegExp(`^is it (${OF_DEEDS}) to (\\p{L}+) (.+)$`, 'u'),
    (_, adjective = '', verb = '', rest = '') => deed(adjective, verb, rest),
  ],
  [
    new RegExp(`^is (\\p{L}+ing) (.+) (${OF_DEEDS})$`, 'u'),
    (_, verb = '', rest = '', adjective = '') => deed(adjective, verb, rest),
  ],
  [
    new RegExp(`^(?:is|are) (?!it )(.+) (${OF_DEEDS}) to (\\p{L}+)((?: (?:in|on|at|during|for) .+)?)$`, 'u'),
    (_, object = '', adjective = '', verb = '', where = '') => deed(adjective, verb, object + where),
  ],
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
  return RESTATEMENTS.reduce(
    (text, [pattern, instead]) =>
      typeof instead === 'string' ? text.replace(pattern, instead) : text.replace(pattern, instead),
    question,
  );
}

function apart(one: string, other: string): string {
  const bare = [one, other].map((name) => name.replace(/^(?:a|an|the) /, ''));
  return `what is the difference between ${bare.sort().join(' and ')}`;
}

function deed(adjective: string, verb: string, object: string): string {
  return `is ${adjective} to ${stemOf(verb)} ${object}`;
}

/** What "bake" and "baking", "stop" and "stopping" have in common. For verbs only: a building is nothing that one builds. */
function stemOf(verb: string): string {
  return verb
    .replace(/(?<=\p{L}{2})ing$/u, '')
    .replace(/([bdgmnprt])\1$/, '$1')
    .replace(/(?<=\p{L}{2})e$/u, '');
}
