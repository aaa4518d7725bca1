/** What English needs to compare two questions word by word. What is missing here costs a hit, not a wrong answer. */

/** A text with one of these is English; in any other every word counts. */
export const ENGLISH =
  /\b(the|what|how|why|who|whom|whose|which|where|when|does|are|tell|define|explain|can|could|should|would|did|my|your|is an?|with|without|from|and|of|for|to|need|want|there|have|this|that)\b|^(is|am|do|may|must|has|have|will)\b/i;

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
];

/** What is said out of politeness at either end of a question in another language. */
export const FOREIGN_PLEASE =
  /^(?:per (?:favore|piacere)|por favor|bitte|s'il (?:vous|te) pla[iî]t)[ ,]+|[ ,]+(?:per (?:favore|piacere)|por favor|bitte|s'il (?:vous|te) pla[iî]t)$/;

const AMERICAN = (british: string) => british.replace(/[ao]e/, 'e');

export const CONTRACTIONS: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  [/\be-mail/g, 'email'],
  [/\bwi-fi\b/g, 'wifi'],
  [/\bexcluding\b|\bnot (?:including|counting)\b/g, 'without'],
  [/\bspeed limit\b/g, 'maximum speed'],
  [/\blife (?:expectancy|span)\b/g, 'lifespan'],
  [/\b(?:at the same time|simultaneously)\b/g, 'at once'],
  [/\b(?:get in (?:touch|contact) with|reach out to)\b/g, 'contact'],
  [/\b(?:customer (?:service|support|care)|support team|help ?desk)\b/g, 'customersupport'],
  [/\b(?:at any time|any ?time|whenever (?:i|you|we) (?:want|like))\b/g, 'anytime'],
  [/\boff limits\b/g, 'forbidden'],
  [/\b(?:over|on|via) the internet\b/g, 'online'],
  [/\berror code (?=\d)/g, 'error '],
  [/\b2fa\b/g, 'two-factor authentication'],
  [/\bk8s\b/g, 'kubernetes'],
  [/\b(?:most recent|newest)\b/g, 'latest'],
  [/\b(?:keep|stop|prevent) ((?:\S+ ){1,4})from (?=\p{L}+ing\b)/gu, 'prevent $1'],
  [/\b(?:stay|keep|steer) (?:well )?(?:clear of|away from)\b/g, 'avoid'],
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
  'thing item kind type method way person amount use take go make come create become give get bring obtain receive find level calculate happen time'.split(
    ' ',
  ),
);

/** The same where an amount is asked after: "how much is the fee". */
export const COST_WORDS = new Set('cost fee price charge'.split(' '));

/** The same where a time is asked after: "in what year" is "when". */
export const TIME_WORDS = new Set('minute hour day date week month season year spend'.split(' '));

/** A wording that changes one of these changes the answer. */
export const QUANTIFIERS = new Set(
  `all every each some only most many few fewer several both either more less least always never sometimes half double twice once no anyone everyone nobody or`.split(
    /\s+/,
  ),
);

/** What one is able, obliged or advised to do, by the word that says so. */
export const MODALITIES: ReadonlyMap<string, 'can' | 'must' | 'should'> = new Map(
  Object.entries<'can' | 'must' | 'should'>({
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
  }),
);

export const AUXILIARIES = new Set(
  'is am are was were do does did can could should would will may must has have had'.split(' '),
);

/** What stands before a noun. */
export const DETERMINERS = new Set('a an the my your new this that which another'.split(' '));

/** The one who asks, the one who is asked, and anybody; what is done to the asker is told apart. */
export const PERSONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...Object.fromEntries('i my mine we our'.split(' ').map((word) => [word, 'i'])),
    ...Object.fromEntries('me us'.split(' ').map((word) => [word, 'me'])),
    ...Object.fromEntries('you your yours'.split(' ').map((word) => [word, 'you'])),
    people: 'people',
  }),
);

/** Those who ask, and all who might. */
export const ANYBODY = new Set('i you we one person people anybody anyone somebody someone'.split(' '));

export const PAST_WORDS = new Set(['was', 'were', 'did', 'had']);
export const FUTURE_WORDS = new Set(['will', 'shall']);
export const FORMS_OF_BE = new Set('is are am was were be being been'.split(' '));
export const FORMS_OF_DO = new Set('do does did'.split(' '));

export const QUESTION_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    what: 'what',
    which: 'what',
    who: 'who',
    whom: 'who',
    whose: 'whose',
    when: 'when',
    where: 'where',
    why: 'why',
    how: 'how',
  }),
);

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
