/** What English needs to compare two questions word by word. What is missing here costs a hit, not a wrong answer. */

/** A text with one of these is English; in any other every word counts. */
export const ENGLISH =
  /\b(the|what|how|why|who|whom|whose|which|where|when|does|are|tell|define|explain|can|could|should|would|did|my|your|is an?)\b|^(is|am|do|may|must|has|have|will)\b/i;

/** Framing at the beginning of a question; what is asked comes after it. */
export const OPENINGS: readonly RegExp[] = [
  /^(hi|hello|hey|quick question|question)\b[ ,!.:]*/,
  /^(please|kindly|so|ok|okay|and|well)\b[ ,]*/,
  /^(can|could|would|will) you (please )?(?=(tell|give) (me|us)|explain|define)/,
  /^(do you know|i (want|need|would like) to (know|understand)|i (wonder|was wondering|am wondering)|any idea)\b[ ,]*/,
  /^(would|do) you mind (telling me|explaining)\b[ ,]*/,
  /^help me (to )?understand /,
  /^(tell|give) (me|us) (?=the |what |who |when |where |why |how |which |whether |if )/,
  /^explain (to (me|us) )?(?=what |who |when |where |why |how |which )/,
  /^(list|name) (?=the )/,
  /^define\b/,
];

/** What is said out of politeness at either end of a question in another language. */
export const FOREIGN_PLEASE =
  /^(?:per (?:favore|piacere)|por favor|bitte|s'il (?:vous|te) pla[iî]t)[ ,]+|[ ,]+(?:per (?:favore|piacere)|por favor|bitte|s'il (?:vous|te) pla[iî]t)$/;

const AMERICAN = (british: string) => british.replace(/[ao]e/, 'e');

export const CONTRACTIONS: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  [/\be-mail/g, 'email'],
  [/\bwi-fi\b/g, 'wifi'],
  [/\bspeed limit\b/g, 'maximum speed'],
  [/\blife (?:expectancy|span)\b/g, 'lifespan'],
  [/\b(?:at the same time|simultaneously)\b/g, 'at once'],
  [/\b(?:for free|free of charge|at no cost)\b/g, 'free'],
  [/\b2fa\b/g, 'two-factor authentication'],
  [/\bk8s\b/g, 'kubernetes'],
  [/\b(?:most recent|newest)\b/g, 'latest'],
  [/\belectric (?:car|vehicle)(?=s?\b)/g, 'ev'],
  [/\bcan't\b|\bcannot\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\bshan't\b/g, 'shall not'],
  [/n't\b/g, ' not'],
  [/\b(what|who|where|when|why|how|that|there|it|he|she|here|let)'s\b/g, '$1 is'],
  [/'re\b/g, ' are'],
  [/\bi'm\b/g, 'i am'],
  [/'ll\b/g, ' will'],
  [/'ve\b/g, ' have'],
  [/'d\b/g, ' would'],
  // Greek diphthongs, which American English writes with one letter.
  [/haem|anaem|leukaem|paed|gynaec|anaesth|faec|foet|oestr|rrhoea|oesoph|oedem/g, AMERICAN],
];

/** Words that carry nothing of their own, or nothing that another wording could not leave out. */
export const EMPTY_WORDS = new Set(
  `a an the is are am be been being was were do does did done will would shall have has had having there it its their this that these those please exactly so really actually just
  also own i you we one my your our me us mine yours anybody anyone someone somebody and whether any currently`.split(
    /\s+/,
  ),
);

/** Of these a wording may have one more or less than another, not one in the place of another. */
export const VAGUE_WORDS = new Set(
  'item thing process procedure kind type sort method way person place time amount use using take go come make find happen certain specific particular possible existing create become calculate level perform give bring get getting got going obtain receive acquire'.split(
    ' ',
  ),
);

/** The same where a time is asked after: "in what year" is "when". */
export const COST_WORDS = new Set('cost fee price charge'.split(' '));
export const TIME_WORDS = new Set('minute hour day date week month season year'.split(' '));

/** A wording that changes one of these changes the answer. */
export const QUANTIFIERS = new Set(
  `all every each some only most many few fewer several both either more less least always never sometimes half double twice once no anyone everyone nobody or`.split(
    /\s+/,
  ),
);

/** What one is able, obliged or advised to do, by the word that says so. */
export const MODALITIES: Readonly<Record<string, 'can' | 'must' | 'should'>> = {
  can: 'can',
  could: 'can',
  may: 'can',
  might: 'can',
  allowed: 'can',
  permitted: 'can',
  able: 'can',
  possible: 'can',
  must: 'must',
  need: 'must',
  needs: 'must',
  required: 'must',
  needed: 'must',
  necessary: 'must',
  mandatory: 'must',
  compulsory: 'must',
  obligatory: 'must',
  should: 'should',
  ought: 'should',
};

export const AUXILIARIES = new Set(
  'is am are was were do does did can could should would will may must has have had'.split(' '),
);

/** What stands before a noun. */
export const DETERMINERS = new Set('a an the my your new this that which another'.split(' '));

/** Whoever does it, when it does not matter who. */
export const ANYBODY = new Set(['people']);

/** The one who asks, and the one who is asked. */
export const PERSONS: Readonly<Record<string, 'i' | 'you'>> = {
  i: 'i',
  me: 'i',
  my: 'i',
  mine: 'i',
  we: 'i',
  us: 'i',
  our: 'i',
  you: 'you',
  your: 'you',
  yours: 'you',
};

export const PAST_WORDS = new Set(['was', 'were', 'did', 'had']);
export const FUTURE_WORDS = new Set(['will', 'shall']);
export const FORMS_OF_BE = new Set('is are am was were be being been'.split(' '));
export const FORMS_OF_DO = new Set('do does did'.split(' '));

export const QUESTION_WORDS: Readonly<Record<string, string>> = {
  what: 'what',
  which: 'what',
  who: 'who',
  whom: 'who',
  whose: 'whose',
  when: 'when',
  where: 'where',
  why: 'why',
  how: 'how',
};

/** "how" takes its measure with it: how many, how old. */
export const MEASURES = new Set(
  'many much long old far often tall big deep high fast large wide heavy soon late early'.split(' '),
);

/** A question that begins with one of these asks for yes or no. */
export const YES_NO_OPENINGS = new Set(
  'is are am was were do does did can could should would will may might must has have had shall'.split(' '),
);

export const NEGATIONS = new Set('not no never none nobody nothing neither nor without except hardly'.split(' '));

/** Words that point at something said before. A question of these alone has no subject of its own. */
export const PRONOUNS = new Set(
  'i you he she it we they me him her us them this that these those my your his its our their one'.split(' '),
);

/** A single letter after one of these is a name, not an article: vitamin A, plan B. */
export const LETTER_HEADS = new Set(
  'vitamin hepatitis type plan class grade option part section group model appendix level tier schedule figure table influenza'.split(
    ' ',
  ),
);

/** Everyday words that are another thing when written with a capital. */
export const CASE_MATTERS = new Set(
  'apple amazon turkey polish china march may august mercury windows word excel orange shell target oracle java python ruby rust go swift spring reading nice mobile jordan chad cuba gap visa'.split(
    ' ',
  ),
);

/** Words that mean something else without the ending of a plural, or have no plural. */
const NO_PLURALS = new Set(
  'news customs goods arms means contents glasses species series always perhaps across texas wales athens brussels damages spirits forces manners savings shorts greens interests looks pants ashes premises proceeds odds earnings minutes letters airs quarters'.split(
    ' ',
  ),
);

/** Each line holds ways to say the same, the first of which stands for all. Only what is safe in any sentence. */
const SYNONYMS: readonly string[] = [
  'buy purchase',
  'delete erase',
  'film movie',
  'car automobile',
  'begin start',
  'big large',
  'biggest largest',
  'bigger larger',
  'fastest quickest',
  'tv television',
  'photo photograph',
  'bike bicycle',
  'fridge refrigerator',
  'tyre tire',
  'colour color',
  'flu influenza',
  'phone telephone',
  'percent %',
  'usd dollar $',
  'eur euro €',
  'gbp £',
  'kg kilogram kilo kilogramme',
  'km kilometer kilometre',
  'cm centimeter centimetre',
  'degree °',
  'center centre',
  'theater theatre',
  'fiber fibre',
  'liter litre',
  'milliliter millilitre',
  'millimeter millimetre',
  'gram gramme',
  'tablespoon tbsp',
  'teaspoon tsp',
  'meter metre',
  'favor favour',
  'flavor flavour',
  'labor labour',
  'harbor harbour',
  'honor honour',
  'neighbor neighbour',
  'behavior behaviour',
  'fix repair',
  'doctor physician',
  'lawyer attorney',
  'child children kid',
  'man men',
  'woman women',
  'foot feet',
  'tooth teeth',
  'mouse mice',
  'bacterium bacteria',
  'disadvantage drawback downside',
  'cheap inexpensive',
  'nearest closest',
  'sofa couch',
  'math maths mathematics',
  'garbage trash rubbish',
  'happen occur',
  'choose select',
  'advert advertisement',
  '2 ii',
  '3 iii',
  'kubernetes k8s kube',
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, n) => `${n} ${word}`),
  ...'thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, i) => `${30 + 10 * i} ${word}`),
  ...'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'
    .split(' ')
    .map((word, i) => `${['1st', '2nd', '3rd'][i] ?? `${i + 1}th`} ${word}`),
];

const CANONICAL: ReadonlyMap<string, string> = new Map(
  SYNONYMS.flatMap((line) => {
    const [first = '', ...others] = line.split(' ');
    return others.map((word): [string, string] => [word, first]);
  }),
);

/** One form for each word: singular unless it is a name, and one of its synonyms. */
export function canonicalWord(word: string, properNames: ReadonlySet<string>): string {
  const bare = withoutPlural(word);
  const isName = properNames.has(word) || properNames.has(bare);
  const singular = isName || NO_PLURALS.has(word) ? word : bare;
  const spelled = singular.replace(/(?<=..)ie$/, 'y').replace(/(?<=\p{L}{3}[^cmpr])is(?=e|ed|ing$)/u, 'iz');
  return CANONICAL.get(word) ?? CANONICAL.get(singular) ?? spelled;
}

/** Takes an ending off, no more: "-ing" and "-ed" stay, for a train is no training. */
function withoutPlural(word: string): string {
  if (word.length < 4 || /(ss|us|is|ics|ous)$/.test(word)) return word;
  if (/(ch|sh|x|ss|to|us)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
