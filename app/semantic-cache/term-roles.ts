import type { Aligned } from './align-terms.js';
import { mayStandFor } from './prepositions.js';
import type { QuestionForm } from './question-form.js';

/** Who does what to whom, before or after what: where the parts that words play in two questions differ, what differs. */
export function rolesDiffer(aligned: readonly Aligned[], one: QuestionForm, other: QuestionForm): string | undefined {
  for (const { one: term, other: same } of aligned) {
    const [role, otherRole] = [term.role, same.role];
    if (role === null || otherRole === null || mayStandFor(role, otherRole, term.exact === 'name')) continue;
    return `${role} / ${otherRole} ${term.text}`;
  }
  for (const [i, first] of aligned.entries()) {
    for (const second of aligned.slice(i + 1)) {
      const pair = `${first.one.text} / ${second.one.text}`;
      if (haveSwapped(first, second)) return `roles: ${pair}`;
      if (first.otherAt < second.otherAt || isFree(first, one) || isFree(second, one)) continue;
      if (isFront(first) && isBack(second)) return `roles: ${pair}`;
      if (isBack(first) && isFront(second)) return `roles: ${pair}`;
      if (!stay(first, second) || isTurned(first, second, one, other)) continue;
      if (isAttribute(first, second)) continue;
      if (isPredicateOf(first, second, one) || isPredicateOf(second, first, one)) continue;
      return `order: ${pair}`;
    }
  }
  return askedDiffer(aligned, one) ?? voicesDiffer(aligned, one, other);
}

/** "Which doctors do people ask" and "which people do doctors ask". */
function askedDiffer(aligned: readonly Aligned[], { asks }: QuestionForm): string | undefined {
  const [onlyOne, onlyOther] = [true, false].map((inOne) =>
    aligned.find(({ one, other }) => one.isAsked === inOne && other.isAsked !== inOne),
  );
  if (asks !== 'what' || onlyOne === undefined || onlyOther === undefined) return undefined;
  return `asked after: ${onlyOne.one.text} / ${onlyOther.one.text}`;
}

/** "From Oslo to Bergen" and "from Bergen to Oslo". */
function haveSwapped({ one, other }: Aligned, second: Aligned): boolean {
  return one.role !== second.one.role && one.role === second.other.role && other.role === second.one.role;
}

/** A negation stands by the auxiliary or by the verb, unless it has several clauses to stand in. */
function isFree({ one }: Aligned, { asks, terms }: QuestionForm): boolean {
  return one.text === 'not' && !asks.includes(' who') && !terms.some(({ text }) => text === 'or' || text === 'but');
}

const isFront = ({ one, other }: Aligned) => one.role === null && other.role !== null;
const isBack = ({ one, other }: Aligned) => one.role !== null && other.role === null;

/** Both are behind one preposition, or behind none, in both questions. Elsewhere a phrase may move as a whole. */
function stay(first: Aligned, second: Aligned): boolean {
  return (
    first.one.role === first.other.role && second.one.role === second.other.role && first.one.role === second.one.role
  );
}

/** "A pod that crashed" is "a crashed pod". */
function isAttribute(first: Aligned, second: Aligned): boolean {
  const areNeighbours = second.at - first.at === 1 && first.otherAt - second.otherAt === 1;
  return areNeighbours && [first, second].some(({ one, other }) => one.isPast && other.isPast);
}

/** "Why is the bill high" is "why the high bill", "which fish is best" is "which is the best fish". */
function isPredicateOf(said: Aligned, { one, other }: Aligned, { asks }: QuestionForm): boolean {
  const isAsked = said.one.isPredicate ? one.isAsked : other.isAsked;
  return said.one.isPredicate !== said.other.isPredicate && (asks === 'why' || isAsked);
}

/** The verb that is active in one question and passive in the other. */
function isTurnedVerb({ one: verb, other: same }: Aligned, one: QuestionForm, other: QuestionForm): boolean {
  return (
    verb.isPast !== same.isPast && (verb.isPast ? one : other).auxiliary === 'be' && one.auxiliary !== other.auxiliary
  );
}

/** A verb and what it is done to change places between active and passive. */
function isTurned(first: Aligned, second: Aligned, one: QuestionForm, other: QuestionForm): boolean {
  return [first, second].some((each) => isTurnedVerb(each, one, other));
}

/** "How do lions eat" is not "how are lions eaten": what it is done to stands before the passive verb and behind the active one. */
function voicesDiffer(aligned: readonly Aligned[], one: QuestionForm, other: QuestionForm): string | undefined {
  const verbs = aligned.filter((each) => isTurnedVerb(each, one, other));
  for (const verb of verbs) {
    const [at, active] = verb.one.isPast ? (['at', other] as const) : (['otherAt', one] as const);
    const doer = aligned.find(
      (each) =>
        each[at] < verb[at] &&
        each.at < verb.at === each.otherAt < verb.otherAt &&
        each.one.role === null &&
        each.other.role === null &&
        // "What language do people speak": it is done to what is asked after.
        !(active.auxiliary === 'do' && each.one.isAsked && each.other.isAsked),
    );
    // "Do you trust banks" asks for an opinion, "are banks trusted" for what is so.
    const isOpinion = active.asks === 'whether' && active.auxiliary === 'do' && active.persons === 'you';
    if (doer !== undefined || isOpinion || aligned.length === 1) return `voice: ${verb.one.text} / ${verb.other.text}`;
  }
  const carried = [one.auxiliary, other.auxiliary];
  const isOther = one.asks === 'whether' && carried.includes('be') && carried.includes('do') && verbs.length === 0;
  return isOther ? `verb: ${carried.join(' / ')}` : undefined;
}
