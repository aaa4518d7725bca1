import { Phrases } from './phrases.js';
import { atLeast, type Signal, verbBefore } from './signal.js';
import { wordsOfManyLanguages } from './words-of-many-languages.js';

/** Points from which a prompt is medium, and complex. */
export const MEDIUM_POINTS = 1;
export const COMPLEX_POINTS = 3;

/** Signs of work: of explaining and writing (1 point), of reasoning in several steps (2), of judging one thing against another (3). */
export const DIFFICULTY_SIGNALS: readonly Signal[] = [
  { reason: 'asks for an explanation', points: 1, words: wordsOfManyLanguages.explain },
  { reason: 'asks for a text', points: 1, words: wordsOfManyLanguages.write },
  { reason: 'asks for suggestions or help', points: 1, words: wordsOfManyLanguages.suggest },
  { reason: 'asks for analysis or judgement', points: 3, words: wordsOfManyLanguages.judge },
  {
    reason: 'weighs one side against another',
    points: 3,
    words: new Phrases(`
      pros_and_cons trade_off trade_offs tradeoff tradeoffs advantages_and_advantages advantages_and_disadvantages disadvantages_and_advantages
      disadvantages_and_disadvantages strengths_and_weaknesses implications objection objections argument_for argument_against arguments_for
      arguments_against`),
  },
  {
    reason: 'asks for a choice',
    points: 2,
    pattern:
      /\bor\b(?=[^?.]{1,80}\?)(?<=\b(should|would|is|are|which)\b[^?.]{1,80}or)|\bwhich (of|one|option)\b[^?.]{0,120}\b(more|less|better|best|worse|\w+er)\b/i,
    patternNeeds: new Phrases('or which_of which_one which_option'),
  },
  {
    reason: 'asks what tells two things apart',
    points: 2,
    words: new Phrases('difference_between differences_between similarities differ versus vs'),
  },
  { reason: 'asks for a proof or derivation', points: 3, words: wordsOfManyLanguages.prove },
  {
    reason: 'asks for a plan or design',
    points: 3,
    words: wordsOfManyLanguages.plan,
    ...verbBefore(
      4,
      'design develop devise formulate propose create draw_up plan',
      'strategy plan system architecture framework roadmap curriculum policy experiment methodology schedule menu campaign study',
    ),
  },
  {
    reason: 'asks what would follow from something else',
    points: 2,
    words: new Phrases(`
      would_have had_not had_been had_recognised had_recognized what_would what_if suppose assume assuming given_the given_that given_a given_these
      under_which_conditions consequences impact`),
    pattern:
      /\bhad \w+ (not|been|recogni[sz]ed)\b|\b(might|could|would) \w*( \w+){0,3} (affect|change|influence|respond)\b/i,
    patternNeeds: new Phrases('had might could would'),
  },
  {
    reason: 'asks for several steps',
    points: 2,
    words: new Phrases(`
      step_by_step line_by_line show_your show_each show_every show_all show_how_you explain_your explain_each explain_every explain_all
      explain_how_you identify_the_flaw* identify_the_error* identify_the_mistake* identify_the_cause* find_the_flaw* find_the_error*
      find_the_mistake* find_the_cause*`),
  },
  {
    reason: 'asks for a calculation',
    points: 2,
    words: new Phrases(`
      estimate forecast predict optimise optimize minimise minimize maximise maximize solve probability equation calculate`),
  },
  {
    reason: 'is written in the signs of mathematics',
    points: 2,
    pattern: /[∫∑∏∂∇∀∃∈⊂≡⇒→]|\\(frac|int|sum|lim|forall|exists)\b|\bd[xyt]\b/,
  },
  {
    reason: 'lists steps of its own',
    points: 1,
    pattern: /\bfirst\b[\s\S]+\b(then|second|finally)\b/i,
    patternNeeds: new Phrases('first'),
  },
  {
    reason: 'asks more than one thing',
    points: 1,
    words: new Phrases(`
      and_how and_when and_why and_what and_which and_where and_recommend and_explain and_identify and_propose and_relate and_repair and_show and_suggest and_discuss
      and_then_how and_then_when and_then_why and_then_what and_then_which and_then_where and_then_recommend and_then_explain and_then_identify and_then_propose and_then_relate and_then_repair and_then_show and_then_suggest and_then_discuss`),
    pattern: /\?[\s\S]*\?/,
  },
  {
    reason: 'sets conditions',
    points: 1,
    words: new Phrases(`
      without under at_most at_least no_more_than unless except only_if must so_that twice provided including naming_each naming_every`),
  },
  {
    reason: 'reckons with several figures',
    points: 1,
    pattern: atLeast(3, /\d[\d.,]*|\b(two|three|four|five|six|seven|eight|nine|ten|twice|half|third)\b/gi),
  },
];

/** What a question after one fact begins with. */
const FACT_OPENING =
  /^(hello|hi|hey|good (morning|afternoon|evening)|thanks?|what|who|whose|when|where|which|how (many|much|old|far|long|tall|big|deep|high|fast|often)|is|are|was|were|does|do|did|can|has|name|define|spell|translate|convert|give (me )?the)\b/i;

/** Words up to which a prompt can be a short question, or a mere remark. */
const FACT_WORDS = 12;
const REMARK_WORDS = 4;

/** Whether a prompt is worded like a question after one fact, or is hardly a prompt at all. */
export function isShortQuestion(prompt: string, words: number): boolean {
  return words <= REMARK_WORDS || (words <= FACT_WORDS && FACT_OPENING.test(prompt.trim()));
}

/** A long prompt has more to keep in view. */
export const LENGTH_SIGNALS: readonly {
  readonly reason: string;
  readonly points: number;
  readonly minWords: number;
}[] = [
  { reason: 'is longer than 25 words', points: 1, minWords: 26 },
  { reason: 'is longer than 150 words', points: 1, minWords: 151 },
];
