import type { Aligned } from './align-terms.js';
import type { Difference } from './difference.js';
import { excludeEachOther, mayStandFor, tellsParts } from './prepositions.js';
import type { QuestionForm } from './question-form.js';

/** Who does what to whom, before or after what: where the parts that words play in two questions differ. */
export function* roleDifferences(
  aligned: readonly Aligned[],
  one: QuestionForm,
  other: QuestionForm,
): Generator<Difference> {
  // Without a word more or less in either, nothing is worded anew.
  const hasSameWords = aligned.length === one.terms.length && aligned.length === other.terms.length;
  for (const { one: term, other: same } of aligned) {
    const [role, otherRole] = [term.role, same.role];
    if (isMeans(role, otherRole) && one.auxiliary !== 'be' && other.auxiliary !== 'be') {
      yield { says: `${role ?? 'none'} / ${otherRole ?? 'none'} ${term.text}`, isCertain: hasSameWords };
    }
    if (role === null || otherRole === null || mayStandFor(role, otherRole, term.exact === 'name')) continue;
    yield { says: `${role} / ${otherRole} ${term.text}`, isCertain: hasSameWords || excludeEachOther(role, otherRole) };
  }
  for (const [i, first] of aligned.entries()) {
    for (const second of aligned.slice(i + 1)) {
      const difference = placesDiffer(first, second, one, other);
      if (difference !== undefined) yield certainly(`${difference}: ${first.one.text} / ${second.one.text}`);
    }
  }
  yield* askedDiffer(aligned, one, other);
  yield* voicesDiffer(aligned, one, other);
}

/** "To order by phone" is not "to order a phone". */
function isMeans(role: string | null, other: string | null): boolean {
  return (role === 'by' && other === null) || (role === null && other === 'by');
}

const certainly = (says: string): Difference => ({ says, isCertain: true });

/** Whether two things have changed parts with each other, or their order. */
function placesDiffer(
  first: Aligned,
  second: Aligned,
  one: QuestionForm,
  other: QuestionForm,
): 'roles' | 'order' | undefined {
  if (haveSwapped(first, second)) return 'roles';
  if (first.otherAt < second.otherAt || isFree(first, one) || isFree(second, one)) return undefined;
  if ((isFront(first) && isBack(second)) || (isBack(first) && isFront(second))) return 'roles';
  if (!stay(first, second) || isTurned(first, second, one, other) || isAttribute(first, second)) return undefined;
  if (isPredicateOf(first, second, one) || isPredicateOf(second, first, one)) return undefined;
  return 'order';
}

/** "Which doctors do people ask" and "which people do doctors ask"; "who lends to firms" and "which firms lend". */
function* askedDiffer(aligned: readonly Aligned[], one: QuestionForm, other: QuestionForm): Generator<Difference> {
  const [onlyOne, onlyOther] = [true, false].map((inOne) =>
    aligned.find(({ one: term, other: same }) => term.isAsked === inOne && same.isAsked !== inOne),
  );
  if (one.asks === 'what' && onlyOne !== undefined && onlyOther !== undefined) {
    yield certainly(`asked after: ${onlyOne.one.text} / ${onlyOther.one.text}`);
  }
  const doneTo = aligned.find(
    ({ one: term, other: same }) =>
      (one.asks === 'who' && term.role !== null && same.isAsked) ||
      (other.asks === 'who' && same.role !== null && term.isAsked),
  );
  if (doneTo !== undefined) yield certainly(`asked after: who / ${doneTo.one.text}`);
}

/** "From Oslo to Bergen" and "from Bergen to Oslo". */
function haveSwapped(first: Aligned, second: Aligned): boolean {
  const { one, other } = first;
  const areExchanged = one.role !== second.one.role && one.role === second.other.role && other.role === second.one.role;
  return areExchanged || takesPlaceOf(second, first) || takesPlaceOf(first, second);
}

/** "To swim after eating" and "to eat after swimming": behind one word stands what did not, and what did does no more. */
function takesPlaceOf({ one, other }: Aligned, gone: Aligned): boolean {
  return (
    other.role !== null &&
    tellsParts(other.role) &&
    other.role === gone.one.role &&
    other.role !== one.role &&
    gone.other.role !== gone.one.role
  );
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
function* voicesDiffer(aligned: readonly Aligned[], one: QuestionForm, other: QuestionForm): Generator<Difference> {
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
    const parts = verb.one.isPast ? (['one', 'other', 'otherAt'] as const) : (['other', 'one', 'at'] as const);
    const [passiveSide, activeSide, place] = parts;
    // "Owed to a landlord by a tenant": who stands behind "by" does it, and stands before the active verb.
    const isDoneByAnother = aligned.some(
      (each) => each[passiveSide].role === 'by' && each[activeSide].role === null && each[place] > verb[place],
    );
    // "Do you trust banks" asks for an opinion, "are banks trusted" for what is so.
    const isOpinion = active.asks === 'whether' && active.auxiliary === 'do' && active.persons === 'you';
    if (doer !== undefined || isDoneByAnother || isOpinion || aligned.length === 1) {
      yield certainly(`voice: ${verb.one.text} / ${verb.other.text}`);
    }
  }
  const carried = [one.auxiliary, other.auxiliary];
  const isOther = one.asks === 'whether' && carried.includes('be') && carried.includes('do') && verbs.length === 0;
  if (isOther) yield { says: `verb: ${carried.join(' / ')}`, isCertain: false };
}
