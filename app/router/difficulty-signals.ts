import { anyOf, atLeast, type Signal } from './signal.js';
import { wordsThatAsk } from './words-of-many-languages.js';

/** Points from which a prompt is medium, and complex. */
export const MEDIUM_POINTS = 1;
export const COMPLEX_POINTS = 3;

/** Signs of work: of explaining and writing (1 point), of reasoning in several steps (2), of judging one thing against another (3). */
export const DIFFICULTY_SIGNALS: readonly Signal[] = [
  {
    reason: 'asks for an explanation',
    points: 1,
    pattern: anyOf(
      /\b(explain|describe|tell me (about|how|why)|why|elaborate|outline|summari[sz]e|what (happens|should|can|could|causes)|how (is|are|was|were|do|does|did|can|could|should|would|might|to))\b/i,
      wordsThatAsk('explain'),
    ),
  },
  {
    reason: 'asks for a text',
    points: 1,
    pattern: anyOf(
      /\b(write|draft|compose|rewrite|rephrase|paraphrase|edit|proofread|shorten|caption|(make|turn|put) (this|these|the|my|it))\b/i,
      wordsThatAsk('write'),
    ),
  },
  {
    reason: 'asks for suggestions or help',
    points: 1,
    pattern: anyOf(
      /\b(ideas|tips|advice|suggest(ions)?|recommend(ations)?|ways (to|of)|help me|i need|i want|give me (\d+|two|three|four|five|ten|some|an?|the))\b/i,
      wordsThatAsk('suggest'),
    ),
  },
  {
    reason: 'asks for analysis or judgement',
    points: 3,
    pattern: anyOf(
      /\b(compare|contrast|analy[sz]e|evaluate|assess|critique|critically|synthesi[sz]e|weigh|justify|interpret|examine|investigate|explore|reconcile|trace|criti[cq]\w+|prioriti[sz]e|root causes?|to what extent|argue (for|against|that)|discuss|consider (the|how|what|whether)|(into|in) account|is it (ethical|right|wrong|fair|just))\b/i,
      wordsThatAsk('judge'),
    ),
  },
  {
    reason: 'weighs one side against another',
    points: 3,
    pattern:
      /\b(pros and cons|trade-?offs?|(dis)?advantages and (dis)?advantages|strengths and weaknesses|implications|objections?|arguments? (for|against))\b/i,
  },
  {
    reason: 'asks for a choice',
    points: 2,
    pattern:
      /\b(should|would|is|are|which)\b[^?.]{1,80}\bor\b[^?.]{1,80}\?|\bwhich (of|one|option)\b[^?.]{0,120}\b(more|less|better|best|worse|\w+er)\b/i,
  },
  {
    reason: 'asks what tells two things apart',
    points: 2,
    pattern: /\bdifferences? between\b|\b(similarities|differ|versus|vs)\b/i,
  },
  {
    reason: 'asks for a proof or derivation',
    points: 3,
    pattern: anyOf(
      /\b(prove|proof|derive|derivation|disprove|refute|(show|deduce) (that|why)|irrational)\b/i,
      wordsThatAsk('prove'),
    ),
  },
  {
    reason: 'asks for a plan or design',
    points: 3,
    pattern: anyOf(
      /\b(design|develop|devise|formulate|propose|create|draw up|plan)\b(\s+[\w'-]+){0,4}?\s+(strategy|plan|system|architecture|framework|roadmap|curriculum|policy|experiment|methodology|schedule|menu|campaign|study)\b/i,
      wordsThatAsk('plan'),
    ),
  },
  {
    reason: 'asks what would follow from something else',
    points: 2,
    pattern:
      /\b(would have|had (\w+ )?(not|been|recogni[sz]ed)|what (would|if)|suppose|assum(e|ing)|given (the|that|a|these)|under which conditions|(might|could|would) \w*( \w+){0,3} (affect|change|influence|respond)|consequences|impact)\b/i,
  },
  {
    reason: 'asks for several steps',
    points: 2,
    pattern:
      /\bstep[- ]by[- ]step\b|\bline by line\b|\b(show|explain) (your|each|every|all|how you)\b|\b(identify|find) the (flaw|error|mistake|cause)/i,
  },
  {
    reason: 'asks for a calculation',
    points: 2,
    pattern:
      /\b(estimate|forecast|predict|optimi[sz]e|minimi[sz]e|maximi[sz]e|solve|probability|equation|calculate)\b/i,
  },
  {
    reason: 'is written in the signs of mathematics',
    points: 2,
    pattern: /[∫∑∏∂∇∀∃∈⊂≡⇒→]|\\(frac|int|sum|lim|forall|exists)\b|\bd[xyt]\b/,
  },
  { reason: 'lists steps of its own', points: 1, pattern: /\bfirst\b[\s\S]+\b(then|second|finally)\b/i },
  {
    reason: 'asks more than one thing',
    points: 1,
    pattern:
      /\?[\s\S]*\?|,? and (then )?(how|when|why|what|which|where|recommend|explain|identify|propose|relate|repair|show|suggest|discuss)\b/i,
  },
  {
    reason: 'sets conditions',
    points: 1,
    pattern:
      /\b(without|under|at most|at least|no more than|unless|except|only if|must|so that|twice|provided|including|naming (each|every))\b/i,
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
