/** Words that mean something else without the ending of a plural, or have no plural. */
const NO_PLURALS = new Set(
  'news customs goods arms means contents glasses species series always perhaps across texas wales athens brussels damages spirits forces manners savings shorts greens interests looks pants ashes premises proceeds odds earnings minutes letters airs quarters'.split(
    ' ',
  ),
);

/** Each line holds ways to say the same, the first of which stands for all: only what is safe in any sentence, names and numbers too. */
const SPELLINGS: readonly string[] = [
  ...['mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'sun'].map((day) => `${day}day ${day}days`),
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
  'database db',
  'repository repo',
  'configuration config',
  'administrator admin',
  'javascript js',
  'postgres postgresql',
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, n) => `${n} ${word}`),
  ...'thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, i) => `${30 + 10 * i} ${word}`),
  ...'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'
    .split(' ')
    .map((word, i) => `${['1st', '2nd', '3rd'][i] ?? `${i + 1}th`} ${word}`),
];

const CANONICAL: ReadonlyMap<string, string> = new Map(
  SPELLINGS.flatMap((line) => {
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
