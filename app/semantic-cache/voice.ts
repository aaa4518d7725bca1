import type { QuestionForm } from './question-form.js';

/** Whoever does it, when anyone may. */
const ANYBODY = new Set('i you we one someone people'.split(' '));

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
  const verb = passive.terms.find((term) => !active.terms.includes(term));
  const done = active.terms.filter((term) => !ANYBODY.has(term));
  if (verb === undefined || done.length !== passive.terms.length) return false;
  const isVerb = (term: string) => stemOf(term) === stemOf(verb);
  const rest = (terms: readonly string[]) => terms.filter((term) => !isVerb(term)).join(' ');
  const [from, to] = [done.findIndex(isVerb), passive.terms.findIndex(isVerb)];
  // "How do lions eat" is not "how are lions eaten": the lions do it.
  const isDoneByAnybody = done.length < active.terms.length || from < to;
  return from >= 0 && isDoneByAnybody && rest(done) === rest(passive.terms);
}

function stemOf(verb: string): string {
  return (
    PARTICIPLES[verb] ??
    verb
      .replace(/(?<=\p{L}{2})ed$/u, '')
      .replace(/([bdgmnprt])\1$/, '$1')
      .replace(/(?<=\p{L}{2})e$/u, '')
  );
}
