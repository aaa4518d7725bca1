/** What English needs to compare two questions word by word. What is missing here costs a hit, never a wrong answer. */

/** Politeness and framing at the beginning of a question; what is asked comes after it. */
export const OPENINGS: readonly RegExp[] = [
  /^(hi|hello|hey)\b[ ,!.]*/,
  /^(please|kindly|so|ok|okay|and|well)\b[ ,]*/,
  /^(can|could|would|will) you( please)? (?=tell|explain|describe|define|give|list|show|name|help)/,
  /^(do you know|i want to know|i would like to know|i wonder|i need to know|any idea)\b[ ,]*/,
  /^(tell|show|teach) (me|us)( about)?\b/,
  /^(give (me|us)|list|name)\b/,
  /^(explain|describe)( to (me|us))?\b/,
  /^(define|the definition of)\b/,
];

/** Whole-question forms that are said in another way: [form, what it is said as]. */
export const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^what (?:does|do) (.+) (?:mean|stand for)$/, 'what is $1'],
  [/^what (?:is|are) (?:the|a)? ?(?:way|steps|process) (?:to|of|for)\b/, 'how to'],
  [/^(?:what is |what are )?the definition of\b/, 'what is'],
  [/^what (?:is|are) the reasons? (?:that|why|for)?\b/, 'why'],
  [/^how come\b/, 'why'],
  [/^(?:steps|ways?) to\b/, 'how to'],
];

/** The subject of a question that is asked of anyone: "how do I …" is "how do you …" is "how to …". */
export const ANYONE = /\b(do|does|can|could|should|would|did|may|might|must) (i|you|we|one|someone|people) (?!think|feel|believe|like|want|know|need|prefer|mean|have|remember|see|hear|love|am|are|say)/g;

export const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
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
];

/** Words that carry nothing of their own. Prepositions that turn a meaning round ("from", "without", "before", "off") are not among them. */
export const EMPTY_WORDS = new Set(
  'a an the of in on at to for about with as and is are am be been being was were do does did will shall there please just exactly actually really'.split(' '),
);

export const PAST_WORDS = new Set(['was', 'were', 'did', 'had']);
export const FUTURE_WORDS = new Set(['will', 'shall']);

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

/** A question that begins with one of these asks for yes or no. */
export const YES_NO_OPENINGS = new Set(
  'is are am was were do does did can could should would will may might must has have had shall'.split(' '),
);

export const NEGATIONS = new Set('not no never none nobody nothing neither nor without except hardly'.split(' '));

/** A single letter after one of these is a name, not an article: vitamin A, plan B. */
export const LETTER_HEADS = new Set(
  'vitamin hepatitis type plan class grade option part section group model appendix level tier schedule figure table influenza'.split(' '),
);

/** Everyday words that are another thing when written with a capital. */
export const CASE_MATTERS = new Set(
  'apple amazon turkey polish china march may august mercury windows word excel orange shell target oracle java python ruby rust go swift spring reading nice mobile jordan chad cuba'.split(' '),
);

/** Words that end like a plural and are none, or mean something else without the ending. */
export const NO_PLURALS = new Set(
  'news customs goods arms means contents glasses species series always perhaps less across texas paris wales mars athens brussels hours-of'.split(' '),
);

/** Each line holds ways to say the same. Only what is safe in any sentence. */
const SYNONYMS: readonly string[] = [
  'buy purchase',
  'delete remove erase',
  'film movie',
  'car automobile',
  'begin start',
  'big large',
  'biggest largest',
  'bigger larger',
  'fast quick',
  'fastest quickest',
  'tv television',
  'photo photograph',
  'bike bicycle',
  'fridge refrigerator',
  'tyre tire',
  'colour color',
  'flu influenza',
  'percent %',
  'usd dollar $',
  'eur euro €',
  'gbp £',
  'kg kilogram kilo kilogramme',
  'km kilometer kilometre',
  'cm centimeter centimetre',
  'degree °',
  'usa us america',
  'uk britain',
  'cancel terminate',
  'phone telephone',
  ...'zero one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, n) => `${n} ${word}`),
  ...'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ').map((word, i) => `${['1st', '2nd', '3rd'][i] ?? `${i + 1}th`} ${word}`),
  ...'ii iii iv vi vii viii ix'.split(' ').map((word, i) => `${[2, 3, 4, 6, 7, 8, 9][i]} ${word}`),
  ...'january february march april june july august september october november december'.split(' ').map((word) => `${word} ${word.slice(0, 3)}`),
];

const CANONICAL: ReadonlyMap<string, string> = new Map(
  SYNONYMS.flatMap((line) => {
    const [first = '', ...others] = line.split(' ');
    return others.map((word): [string, string] => [word, first]);
  }),
);

/** One form for each word: singular, and one of its synonyms. */
export function canonicalWord(word: string): string {
  const singular = NO_PLURALS.has(word) ? word : withoutPlural(word);
  return CANONICAL.get(word) ?? CANONICAL.get(singular) ?? singular;
}

/** Ending only: "-ing" and "-ed" stay, for a train is no training. */
function withoutPlural(word: string): string {
  if (word.length < 4 || /(ss|us|is|ics|ous)$/.test(word)) return word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|z|ss|oe)s$|(sh|ch|x|ss|to)es$/.test(word)) return word.replace(/es$|s$/, '');
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
