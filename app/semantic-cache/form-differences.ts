import type { Difference } from './difference.js';
import type { QuestionForm } from './question-form.js';

/** Where two questions want another kind of answer, of another time, of somebody else. */
export function* formDifferences(one: QuestionForm, other: QuestionForm): Generator<Difference> {
  if (one.asks !== other.asks && !isWay(one, other) && !isWay(other, one)) {
    const [asks, otherAsks] = [firstAsked(one), firstAsked(other)];
    const isCertain = !mayBePutAs(asks, otherAsks) && !mayBePutAs(otherAsks, asks);
    yield { says: `kind of question: ${one.asks} / ${other.asks}`, isCertain };
  }
  if (one.tense !== other.tense) {
    // "What if I miss a dose" is "I missed a dose, what now".
    const isCertain = one.tense !== 'present' && other.tense !== 'present';
    yield { says: `tense: ${one.tense} / ${other.tense}`, isCertain };
  }
  if (modalitiesDiffer(one, other)) {
    const both = [one.modality, other.modality];
    const isCertain = !both.includes(null) && both.includes('can');
    yield { says: `modality: ${one.modality ?? 'none'} / ${other.modality ?? 'none'}`, isCertain };
  }
  if (personsDiffer(one, other)) {
    const [some, others] = [one, other].map(({ persons }) => new Set(persons.split(' '))) as [Set<string>, Set<string>];
    const isCertain = some.has('me') !== others.has('me');
    yield { says: `person: ${one.persons} / ${other.persons}`, isCertain };
  }
  // "Can cheese be frozen" is "can I freeze cheese", but "can employers read emails" not "can I read emails of employers".
  const isActive = [one, other].every(
    ({ asks, modality, auxiliary }) => asks === 'whether' && modality === 'can' && auxiliary !== 'be',
  );
  if (isActive && one.isAnybodys !== other.isAnybodys)
    yield { says: 'subject: anybody / a certain one', isCertain: true };
  const carried = [one.auxiliary, other.auxiliary];
  if (carried.includes('get') && carried.some((auxiliary) => auxiliary !== 'get' && auxiliary !== 'be')) {
    yield { says: 'voice: who does it / whom it is done to', isCertain: true };
  }
  if (one.asks === 'what' && one.terms.length === 1 && one.definite !== other.definite) {
    yield { says: 'article: a / the', isCertain: true };
  }
}

/** "Is there a way to" asks whether one can and how. */
function isWay(way: QuestionForm, other: QuestionForm): boolean {
  return way.asks === 'way' && (other.asks === 'how' || (other.asks === 'whether' && other.modality === 'can'));
}

/** Kinds of question that are put for each other in other words, which are to be weighed: "until when do trains run", "how late do trains run". */
const PUT_FOR: Readonly<Record<string, readonly string[]>> = {
  how: ['where', 'whether', 'way'],
  way: ['whether'],
  when: ['how long', 'how often', 'how late', 'how early', 'how soon'],
  'how long': ['how many', 'how much', 'how early'],
};

/** "What are the signs of" is "how do I know": of all that asks "what" may ask, but for a cause. */
function mayBePutAs(asks: string, other: string): boolean {
  return asks === other || (asks === 'what' ? other !== 'why' : (PUT_FOR[asks]?.includes(other) ?? false));
}

/** In "how do I see how much is left" the first counts. */
function firstAsked({ asks }: QuestionForm): string {
  return /^(?:how (?!how|what|who|where|when|why)\p{L}+|\p{L}+)/u.exec(asks)?.[0] ?? asks;
}

/** How one can is how one should; whether one can is neither whether one does nor whether one must. */
function modalitiesDiffer(one: QuestionForm, other: QuestionForm): boolean {
  const both = [one.modality, other.modality];
  if (one.modality === other.modality || ['how', 'way'].includes(one.asks) || other.asks === 'way') return false;
  if (one.asks === 'whether') return true;
  if (one.asks === 'who' || !both.includes(null)) return both.includes('can');
  return one.asks === 'what' && one.terms.length + other.terms.length === 2;
}

/** Anybody may ask how, but "how do I pay you" is not "how do you pay me", nor "how do people die" "how do I die". */
function personsDiffer(one: QuestionForm, other: QuestionForm): boolean {
  const both = [one.persons, other.persons];
  if (both.includes('') || one.persons === other.persons) return false;
  if (both.includes('i') && both.includes('people')) return true;
  const isAnybody = one.asks.startsWith('how') || (one.asks !== 'whether' && one.modality !== null);
  return !isAnybody || both.some((persons) => persons.includes(' '));
}
