/**
 * Words that say how a sentence is built, not what it is about, as written without apostrophes. A language that is missing here
 * still works: its function words merely count like any other word.
 */
const BY_LANGUAGE = {
  english: `a about above after again all also am an and any are as at be because been before being below between both but by can
    cannot could did do does doing done down during each either else ever every few for from further get give given had happen happened happens has have
    having he her here hers him his how however i if in into is it its itself just let like many may me mean means might mine more most much
    must my myself no nor not now of off on once only or other our ours out over own please same shall she should show so some
    such tell than that the their theirs them then there these they this those through to too under until up upon us use used uses using very was we
    were what whats when where whether which while who whom whose why will with within without would yes you your yours yourself
    isn aren wasn weren doesn didn don won wouldn couldn shouldn hasn haven hadn ll ve re`,
  german: `aber als am an auch auf aus bei bin bist da damit dann das dass dein dem den der des dir doch du ein eine einem einen
    einer eines er es für gibt hat hatte ich ihm ihn ihr ihre im ist kann mein mich mir mit nach nicht noch nur oder sein seine
    sich sie sind so um und uns unter von vor war was welche welcher welches wenn wer wie wieviele wir wird wo zu zum zur über`,
  french: `au aux avec ce ces cette combien comment dans de des du elle en est et eux il ils je la le les leur lui ma mais mes
    moi mon ne nos notre nous on ou où par pas pour quand que quel quelle quelles quels qui quoi sa se ses son sont sur ta te
    tes toi ton tu un une vos votre vous y à`,
  spanish: `al algo como con cual cuál cuando cuándo cuánto cuántos de del desde donde dónde el ella ellos en entre era es esa
    ese eso esta este esto está hay la las le les lo los más me mi mis muy no nos o para pero por porque que qué quien quién se
    ser si sin sobre son su sus tu un una uno y ya yo`,
  russian: `а без был была были в вам вас весь во вот все вы где да для до его ее если есть еще же за и из или им их к как какая
    какие какой когда кто ли мне мой мы на не него нет но о об он она они оно от по при с со так то только ты у уже что чтобы
    это этот эта эти я`,
} as const;

const STOP_WORDS: ReadonlySet<string> = new Set(
  Object.values(BY_LANGUAGE).flatMap((words) => words.normalize('NFKC').split(/\s+/)),
);

/** @param word in lower case */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}
