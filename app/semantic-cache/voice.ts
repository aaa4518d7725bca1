import type { QuestionForm } from './question-form.js';

/** Whoever does it, when anyone may. */
const ANYBODY = new Set('i you we one someone people'.split(' '));

const MODALS = new Set('can could should would'.split(' '));

/** What is asked with any of those or with none. "Which fish should I eat" is not "which fish are eaten". */
const ASKED_WITH_ANY = new Set(['how', 'how often', 'when', 'where']);

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
  // "How many people own cars" asks after the people: one who does it stands behind a "do" or a modal.
  if (active.auxiliary !== 'do' && !active.terms.some((term) => MODALS.has(term))) return false;
  const isMeant = (term: string) => !(ASKED_WITH_ANY.has(active.asks) && MODALS.has(term));
  const [asked, said] = [active.terms.filter(isMeant), passive.terms.filter(isMeant)];
  const done = asked.filter((term) => !ANYBODY.has(term));
  const to = said.findIndex((term) => !done.includes(term));
  const from = done.findIndex((term) => stemOf(term) === stemOfParticiple(said[to] ?? ''));
  if (from < 0 || to < 0) return false;
  // "How do lions eat" is not "how are lions eaten", nor "can dogs eat people" "can dogs be eaten": it is not anybody who does it.
  const doer = asked[asked.indexOf(done[from] ?? '') - 1] ?? '';
  const isDoneByAnybody = done.length === asked.length ? from < to : ANYBODY.has(doer);
  return isDoneByAnybody && done.toSpliced(from, 1).join(' ') === said.toSpliced(to, 1).join(' ');
}

function stemOf(verb: string): string {
  return verb.replace(/([bdgmnprt])\1$/, '$1').replace(/(?<=\p{L}{2})e$/u, '');
}

function stemOfParticiple(participle: string): string {
  return PARTICIPLES[participle] ?? stemOf(participle.replace(/(?<=\p{L}{2})ed$/u, ''));
}
