import { isAboutSpeaker, isQuestion } from './question.js';
import { splitSentences } from './sentences.js';
import { subjectKeys } from './terms.js';

/** Half of what is asked about must have been said. */
const MIN_SHARE = 0.5;

/** What the users' turns tell, sentence by sentence; their questions are left out. */
export function statementsOf(turns: readonly string[]): string[] {
  return turns.flatMap((turn) => splitSentences(turn).map(({ text }) => text)).filter((text) => !isQuestion(text));
}

/**
 * Answers from what the user said earlier, or `undefined` if they said nothing of it. Of two statements that fit equally the later
 * one counts: people correct themselves.
 *
 * @param statements the user's own, oldest first
 */
export function answerFromStatements(question: string, statements: readonly string[]): string | undefined {
  const asked = new Set(subjectKeys(question));
  if (asked.size === 0) return quote(statements.findLast(isAboutSpeaker));
  const shares = statements.map((statement) => {
    const said = new Set(subjectKeys(statement));
    return [...asked].filter((key) => said.has(key)).length / asked.size;
  });
  const most = Math.max(0, ...shares);
  return most < MIN_SHARE ? undefined : quote(statements[shares.lastIndexOf(most)]);
}

function quote(statement: string | undefined): string | undefined {
  return statement && `You said: "${statement}"`;
}
