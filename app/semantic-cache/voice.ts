import type { QuestionForm } from './question-form.js';

/** Whoever does it, when anyone may. */
const ANYBODY = new Set('i you we one someone people'.split(' '));

/** How, when and where something is done is asked with any of these or with none. */
const MODALS = new Set('can could should would'.split(' '));

/** Participles that no ending tells, by the stem of their verb. What is missing costs a hit. */
const PARTICIPLES: Readonly<Record<string, string>> = {
  built: 'build',
  bought: 'buy',
  brought: 'bring',
  caught: 'catch',
  chosen: 'choos',
  drawn: 'draw',
  driven: 'driv',
  eaten: 'eat',
  fed: 'feed',
  frozen: 'freez',
  given: 'giv',
  grown: 'grow',
  held: 'hold',
  kept: 'keep',
  made: 'mak',
  paid: 'pay',
  sent: 'send',
  shown: 'show',
  sold: 'sell',
  spent: 'spend',
  spoken: 'speak',
  taken: 'tak',
  taught: 'teach',
  undone: 'undo',
  worn: 'wear',
  written: 'writ',
};

/** Whether two questions differ in voice alone: "can I freeze cheese" is "can cheese be frozen", for anybody may ask what anybody does. */
export function differInVoiceOnly(one: QuestionForm, other: QuestionForm): boolean {
  return isPassiveOf(one, other) || isPassiveOf(other, one);
}

/** The verb is a participle, behind what it is done to; nothing else is another. */
function isPassiveOf(passive: QuestionForm, active: QuestionForm): boolean {
  if (passive.asks !== active.asks || passive.tense !== active.tense) return false;
  if (passive.auxiliary !== 'be' || active.auxiliary === 'be') return false;
  // "Do you trust banks" asks for an opinion, "are banks trusted" for what is so.
  if (active.asks === 'whether' && active.auxiliary === 'do') return false;
  const anyModal = active.asks !== 'whether' && active.asks !== 'what';
  const isMeant = (term: string) => !(anyModal && MODALS.has(term));
  const [asked, said] = [active.terms.filter(isMeant), passive.terms.filter(isMeant)];
  const done = asked.filter((term) => !ANYBODY.has(term));
  const to = said.findIndex((term) => !done.includes(term));
  const from = done.findIndex((term) => stemOf(term) === stemOfParticiple(said[to] ?? ''));
  if (from < 0 || to < 0) return false;
  // "How do lions eat" is not "how are lions eaten": the lions do it.
  const isDoneByAnybody = done.length < asked.length || from < to;
  return isDoneByAnybody && done.toSpliced(from, 1).join(' ') === said.toSpliced(to, 1).join(' ');
}

function stemOf(verb: string): string {
  return verb.replace(/([bdgmnprt])\1$/, '$1').replace(/(?<=\p{L}{2})e$/u, '');
}

function stemOfParticiple(participle: string): string {
  return PARTICIPLES[participle] ?? stemOf(participle.replace(/(?<=\p{L}{2})ed$/u, ''));
}
