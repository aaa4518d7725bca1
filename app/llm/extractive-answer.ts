import type { ContextPassage } from './context-prompt.js';
import { pointsBack, subjectOf } from './question.js';
import { type Query, type RankedSentence, rankSentences } from './rank-sentences.js';
import { splitSentences } from './sentences.js';
import { subjectKeys } from './terms.js';

/** Half of a question is not the question: Spain's capital is not France's. Above the lower bound a sentence may still be of use. */
const ANSWERS_FROM = 0.55;
const NEAREST_FROM = 0.3;
const MAX_SENTENCES = 3;
/** Further sentences must be nearly as good as the best. */
const MIN_SCORE_TO_BEST = 0.7;
/** What a sentence that ends in a colon introduces. */
const MAX_INTRODUCED = 6;
/** A question that points back ("how do I start it?") borrows the subject of the one before. */
const BORROWED_WEIGHT = 0.5;

export interface ExtractiveQuestion {
  readonly question: string;
  /** The user's question before, which this one may point back to. @default none */
  readonly previousQuestion?: string;
  /** What retrieval found; absent if nothing was looked up. */
  readonly passages?: readonly ContextPassage[];
}

/** Answers with the sentences of the passages that say most about the question, each cited by its passage's number. */
export function answerFromPassages({ question, previousQuestion, passages }: ExtractiveQuestion): string {
  const subject = subjectOf(question);
  if (subject === undefined) return 'Ask me about something in the documents, and I will answer from them.';
  const sentences = (passages ?? []).map(({ text }) => splitSentences(text));
  const candidates = sentences.flatMap((list, passage) =>
    list.map((sentence, position) => ({ ...sentence, passage, position })),
  );
  const ranked = rankSentences(question, queryOf(question, previousQuestion), candidates);
  const best = ranked[0];
  if (best === undefined || best.coverage < NEAREST_FROM) {
    return passages === undefined
      ? `I answer only from documents and from what you tell me here, and found nothing about "${subject}".`
      : `I found nothing about "${subject}" in the documents.`;
  }
  if (best.coverage < ANSWERS_FROM) {
    return `The documents do not answer this directly. The nearest that I found: ${cite([best.text], best.passage + 1)}`;
  }
  const introduced = ({ text, passage, position, topic }: RankedSentence) =>
    /[:：]$/.test(text)
      ? (sentences[passage] ?? [])
          .slice(position + 1, position + 1 + MAX_INTRODUCED)
          .filter((next) => next.topic === topic)
      : [];
  return choose(ranked)
    .map((sentence) => cite([sentence.text, ...introduced(sentence).map(({ text }) => text)], sentence.passage + 1))
    .join(' ');
}

function queryOf(question: string, previousQuestion: string | undefined): Query {
  const own = subjectKeys(question).map((key) => [key, 1] as const);
  const borrowed = previousQuestion !== undefined && pointsBack(question) ? subjectKeys(previousQuestion) : [];
  return new Map([...borrowed.map((key) => [key, BORROWED_WEIGHT] as const), ...own]);
}

/** The best, and those that are nearly as good and say something else; sentences of one passage in its order. */
function choose(ranked: readonly RankedSentence[]): RankedSentence[] {
  const chosen: RankedSentence[] = [];
  for (const sentence of ranked) {
    if (chosen.length === MAX_SENTENCES || sentence.score < (ranked[0]?.score ?? 0) * MIN_SCORE_TO_BEST) break;
    if (!chosen.some((other) => saysTheSame(other.text, sentence.text))) chosen.push(sentence);
  }
  const rankOfPassage = (passage: number) => chosen.findIndex((sentence) => sentence.passage === passage);
  return chosen.toSorted((a, b) => rankOfPassage(a.passage) - rankOfPassage(b.passage) || a.position - b.position);
}

function saysTheSame(one: string, other: string): boolean {
  const a = new Set(subjectKeys(one));
  const b = new Set(subjectKeys(other));
  const common = [...a].filter((key) => b.has(key)).length;
  return common / Math.max(1, Math.min(a.size, b.size)) > 0.8;
}

function cite(parts: readonly string[], number: number): string {
  const separator = parts.length > 1 || parts[0]?.includes('\n') ? '\n' : ' ';
  return `${parts.join('\n')}${separator}[${number}]`;
}
