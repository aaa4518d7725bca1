import { type AnswerKind, semanticCachePolicy } from '../../contract/index.js';

/** How long the answer to a question can be reused: by its kind, or `never`. */
export type Reuse = AnswerKind | 'never';

/** What is somebody's own. */
const OWN = /\b(my|our)\b/i;

/** A way to do something, which is the same for all who may read the same: "my password" is anybody's in "how do I reset my password". */
const PROCEDURE = /^(how (do|can|could|should|would) (i|we)|how to|where (do|can|should) (i|we)) \w/i;

/** About the one who asks, or what was said to them before. */
const PERSONAL =
  /\b(mine|myself|ours|ourselves|am i|are we|i am|i'm|i was|i have|i've|i live|i need|i want|who am i|about me|for me|to me)\b/i;

/** Points at something said before. "Is it safe to …" and "how long does it take" do not. */
const ANAPHORIC =
  /^(and|but|so|then)\b|\b(what|how) about\b|\bthe (above|previous|former|latter|same|first|second) (one|answer|question|part)\b|^(\w+ ){1,3}?(it|he|she|they|this|that|these|those)\b(?! (takes?|costs?|mean to)\b| \w+ (to|that|for|if|when)\b)|\b(this|that|these|those|it|he|she|they|him|her|them)\s*[?.!]*$/i;

/** True at one time and not at another, faster than news. */
const TIME_DEPENDENT =
  /\b(now|nowadays|currently|current|today|tonight|tomorrow|yesterday|this (morning|afternoon|evening|week|weekend|month|year)|(last|next|past) (night|week|weekend|month|year|few)|at the moment|right now|so far|yet|still|ago|recent|recently|lately|what time|what day|what date|weather|forecast|temperature (in|at|outside)|stock price|share price|exchange rate|price of|in stock|open (now|today)|live score|status of|how long until|days until)\b/i;

const NEWS = /\b(news|headlines?|latest|breaking)\b/i;

/** Asks for another result each time. */
const RANDOM =
  /\b(random|surprise me|roll (a|the)|flip a coin|shuffle|another (one|joke|idea|example)|uuid)\b|\b(generate|create|suggest|make|need|want|give) .*password\b/i;

/**
 * What a question's answer may be reused for, by its wording. A question in doubt is `never`.
 * @param images what it is about beside its words: "what is this" points at them
 */
export function reuseOf(question: string, images: readonly unknown[] = []): Reuse {
  if (question.length > semanticCachePolicy.maxQuestionCharacters) return 'never';
  if (PERSONAL.test(question) || RANDOM.test(question)) return 'never';
  if (OWN.test(question) && !PROCEDURE.test(question)) return 'never';
  if (images.length === 0 && ANAPHORIC.test(question)) return 'never';
  if (NEWS.test(question)) return 'news';
  return TIME_DEPENDENT.test(question) ? 'never' : 'knowledge';
}
