/** What may be asked after by its name, and how a question is put that asks for the same: "what is the reason for" is "why". */
const ASKED_BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...of('how do i', 'way method procedure process step technique trick command instruction tip'),
    recipe: 'how do i make',
    formula: 'how do i calculate',
    ...of('why', 'reason cause'),
    time: 'when time',
    date: 'when date',
    day: 'when day',
    month: 'when month',
    year: 'when year',
    season: 'when season',
    deadline: 'when',
    place: 'where place',
    location: 'where',
    population: 'how many people live in',
    number: 'how many',
    amount: 'how much',
    quantity: 'how much',
    ...of('how much cost', 'cost price fee charge'),
    frequency: 'how often',
    duration: 'how long',
    lifespan: 'how long',
    distance: 'how far',
    age: 'how old is',
    height: 'how tall is',
    length: 'how long is',
    depth: 'how deep is',
    width: 'how wide is',
    weight: 'how heavy is',
    size: 'how big is',
    speed: 'how fast is',
    ...of('what happen if', 'consequence result'),
    ...of('what purpose', 'purpose function role job task'),
    ...of('what instead of', 'substitute replacement alternative'),
  }),
);

function of(question: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, question]));
}

const GOOD =
  '(?:best|effective|simple|easy|right|proper|correct|recommended|ideal|usual|main|possible|easiest|simplest|good|exact) ';

/** What stays with the name: how much something costs on average. */
const AMOUNTS = 'average|total|annual|yearly|monthly|weekly|daily|minimum|maximum|current|normal';

const BEFORE = new RegExp(
  `^what (is|are|was|were) (?:the |your |a |an |some )?(?:${GOOD})?((?:${AMOUNTS}) )?(\\p{L}+?)s? (?:to|of|for|that|why|behind|if|when|(?=(?:between|from|in|on|i|you|we) )) ?(?:doing |using )?`,
  'u',
);

/** "What are the delivery costs". */
const BEHIND =
  /^what (is|are|was|were) (?:the |your |a |an )?((?:\p{L}+ ){1,2})(cost|price|fee|charge|population|deadline|frequency)s?((?: (?:in|for|at|to|per) .+)?)$/u;

/** "What depth does it have": of names of measures. */
const MEASURED =
  /^what (age|height|length|depth|width|weight|size|speed) (?=(?:do|does|did|is|are|was|were|can|should|must|will) )/;

/** Puts a question that asks after something by its name with the question word for it. */
export function restateAskedByName(question: string): string {
  return question
    .replace(BEFORE, (whole, be: string, amount: string | undefined, name: string) => {
      const asked = askedBy(name, be);
      return asked === undefined ? whole : `${asked} ${amount ?? ''} `;
    })
    .replace(MEASURED, (_, name: string) => `${askedBy(name)?.replace(/ is$/, '')} `)
    .replace(BEHIND, (_, be: string, of: string, name: string, rest: string) => `${askedBy(name, be)} ${of}${rest}`);
}

/** @param be the verb, whose tense the other question has too */
function askedBy(name: string, be = 'is'): string | undefined {
  const asked = ASKED_BY_NAME.get(name) ?? ASKED_BY_NAME.get(`${name}s`);
  return be.startsWith('w') ? asked?.replace(/ is$/, ' was').replace(/^(why|when)$/, '$1 was') : asked;
}
