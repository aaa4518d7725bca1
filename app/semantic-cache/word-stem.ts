/** Past and participle of verbs whose ending does not tell them. What is missing costs a hit. */
const IRREGULAR = `
begin began begun|bend bent|bite bit bitten|blow blew blown|break broke broken|bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen
come came|deal dealt|do did done|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found
fly flew flown|forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hear heard|hide hid hidden|hold held
keep kept|know knew known|lay laid|lead led|learn learnt|leave left|lend lent|lose lost|make made|mean meant|meet met|pay paid|ride rode ridden|ring rang rung
rise rose risen|run ran|say said|see saw seen|sell sold|send sent|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept
speak spoke spoken|spend spent|stand stood|steal stole stolen|stick stuck|swear swore sworn|swim swam swum|take took taken|teach taught|tear tore torn
tell told|think thought|throw threw thrown|undo undid undone|wake woke woken|wear wore worn|win won|withdraw withdrew withdrawn|write wrote written`;

/** Verbs whose participle is the verb. */
export const INVARIANT = new Set('read cut set put hit shut hurt let spread split bet quit reset'.split(' '));

const BASE_OF: ReadonlyMap<string, string> = new Map(
  IRREGULAR.trim()
    .split(/[|\n]/)
    .flatMap((line) => {
      const [base = '', ...forms] = line.split(' ');
      return forms.map((form): [string, string] => [form, base]);
    }),
);

/** Whether a word has the form of what was done: "frozen", "opened". */
export function isPastForm(word: string): boolean {
  return BASE_OF.has(word) || /\p{L}[^e]ed$/u.test(word);
}

/** What a word has in common with those made from it: "freeze" and "frozen", "register" and "registration". A train is no training: that the sentence's vector must tell. */
export function stemOf(word: string): string {
  const base = BASE_OF.get(word) ?? word;
  return base
    .replace(/(?<=\p{L}{2}[^aeo])(?:i[sz])?at(?:ion|ions|e|es|ed|ing)$/u, '')
    .replace(/(?<=\p{L}{3})(?:ings?|ions?|ments?|(?<=[rvsw])al|ance|ence|able|(?<=\p{L}{4})ly)$/u, '')
    .replace(/(?<=\p{L}[^e])ed$/u, '')
    .replace(/([bdgmnprt])\1$/, '$1')
    .replace(/(?<=\p{L}{2})(?:[eiy]|i[sz]e?)$/u, '');
}
