import { type PhrasedText, Phrases } from './phrases.js';

/** Something in a prompt that tells what it asks for: any of its words, or its pattern. */
export interface Signal {
  readonly reason: string;
  readonly points: number;
  readonly words?: Phrases;
  readonly pattern?: Pick<RegExp, 'test'>;
  /** What a text must have to be searched for the pattern. @default every text is */
  readonly patternNeeds?: Phrases;
}

/** Matches texts in which a pattern is found so often. One expression with gaps between would try every way to choose them. */
export function atLeast(times: number, pattern: RegExp): Pick<RegExp, 'test'> {
  return { test: (text) => (text.match(pattern)?.length ?? 0) >= times };
}

/** Matches one of the verbs and, within so many words more, one of the nouns. */
export function verbBefore(most: number, verbs: string, nouns: string): Pick<Signal, 'pattern' | 'patternNeeds'> {
  const anyOf = (words: string) => words.trim().replaceAll(/\s+/g, '|').replaceAll('_', ' ');
  const pattern = String.raw`\b(${anyOf(verbs)})\b(\s+[\w'-]+){0,${most}}?\s+(${anyOf(nouns)})\b`;
  return { pattern: new RegExp(pattern, 'i'), patternNeeds: new Phrases(nouns) };
}

/** The signals that a prompt shows; each counts once. */
export function signalsIn(prompt: PhrasedText, signals: readonly Signal[]): readonly Signal[] {
  return signals.filter(({ words, pattern, patternNeeds }) => {
    if (words !== undefined && prompt.has(words)) return true;
    if (pattern === undefined || (patternNeeds !== undefined && !prompt.has(patternNeeds))) return false;
    return pattern.test(prompt.text);
  });
}

export function pointsOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, { points }) => sum + points, 0);
}
