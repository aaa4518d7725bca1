import type { Classification } from './classifier.js';
import { CODE_POINTS, codeSignalsIn } from './code-signals.js';
import {
  COMPLEX_POINTS,
  DIFFICULTY_SIGNALS,
  isShortQuestion,
  LENGTH_SIGNALS,
  MEDIUM_POINTS,
} from './difficulty-signals.js';
import { PhrasedText } from './phrases.js';
import { pointsOf, type Signal, signalsIn } from './signal.js';

/** Characters that are looked at: what is asked stands at the beginning, and a hostile prompt must not cost more than another. */
const INSPECTED_CHARACTERS = 4_000;

/** Classifies by whole words and structure, never by a part of a word. Finest for English; of other languages the words that ask for a kind of work are known. */
export function classifyByRules(prompt: string): Classification {
  const start = new PhrasedText(prompt.slice(0, INSPECTED_CHARACTERS));
  const code = codeSignalsIn(start);
  if (pointsOf(code) >= CODE_POINTS) return { class: 'specialised', reasons: code.map(({ reason }) => reason) };
  const words = prompt.trim().split(/\s+/).length;
  const signals: readonly Pick<Signal, 'reason' | 'points'>[] = [
    ...signalsIn(start, DIFFICULTY_SIGNALS),
    ...LENGTH_SIGNALS.filter(({ minWords }) => words >= minWords),
  ];
  const points = signals.reduce((sum, signal) => sum + signal.points, 0);
  const reasons = signals.map(({ reason }) => reason);
  if (points >= COMPLEX_POINTS) return { class: 'complex', reasons };
  if (points >= MEDIUM_POINTS) return { class: 'medium', reasons };
  if (!isShortQuestion(prompt, words)) return { class: 'medium', reasons: ['is more than a short question'] };
  return { class: 'simple', reasons: ['is a short question'] };
}
