/** Verbs by the particle that makes others of them. */
const PARTICLES: Readonly<Record<string, string>> = {
  up: 'back blow bring end go look pick set sign speed take',
  out: 'carry check find fill get hire keep lay lease lend loan log look opt print rent roll run sell sign take work',
  off: 'call drop lay log pay shut sign switch take turn write',
  on: 'log switch turn',
  in: 'call check fill hand log pay put sign',
  back: 'bring call come get give go pay put send take',
  away: 'give go keep put stay take throw',
  down: 'break bring cut go put shut slow take turn',
  over: 'carry hand take',
  rid: 'get',
};

const PHRASAL = Object.entries(PARTICLES).map(
  ([particle, verbs]) =>
    new RegExp(
      `\\b(${verbs.replaceAll(' ', '|')})(?:[bgnpt]?ing|[bgnpt]?ed|s)? (${particle})\\b(?: of\\b)?(?! (?:a|the|my|your|this|that|\\d+) (?:day|year|week|month))`,
      'g',
    ),
);

const JOINED = new RegExp(
  `^(?:${Object.values(PARTICLES).join(' ').replaceAll(' ', '|')})(${Object.keys(PARTICLES).join('|')})$`,
);

/** The particle of a verb that was joined to it. */
export function particleOf(word: string): string | undefined {
  return JOINED.exec(word)?.[1];
}

/** "Log in", "log-in" and "login" are one word, and so are "turn the light on" and "turn on the light". */
export function joinPhrasalVerbs(text: string): string {
  const joined = text
    .replaceAll(/\bget ((?:\p{L}+ ){1,4})out of\b/gu, 'getout $1from')
    .replaceAll(/\b(\p{L}+)-(in|out|on|off|up|down|over|back|away)\b/gu, '$1$2')
    .replaceAll(
      /\b(turn|switch|shut|send|put|take)(?:ed|ing|s)? ((?:\p{L}+ ){1,3}?)(on|off|down|back)(?=$| (?:in|at|for|when|after|before|on|automatically)\b)/gu,
      '$1$3 $2',
    );
  // "Made out of a cork", but "out of date".
  return PHRASAL.reduce((all, pattern) => all.replaceAll(pattern, '$1$2'), joined).replaceAll(
    /\bout of (?=(?:an?|the|my|your) )/gu,
    'from ',
  );
}
