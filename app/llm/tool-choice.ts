import type { ToolCall } from '@langchain/core/messages/tool';
import { findExpression } from './arithmetic.js';
import { subjectOf } from './question.js';

/** A tool as the local model sees it: by what it takes. */
export interface OfferedTool {
  readonly name: string;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
}

/** What is left of "What is the sum of 2 + 2?" without the expression, and says nothing to search for. */
const ABOUT_ARITHMETIC =
  /\b(calculate|compute|evaluate|result|sum|product|equals?|value|answer|expression|add|total|maths?)\b/gi;

/**
 * Chooses tools by form: arithmetic goes to a tool that takes an `expression`, what is asked besides to one that takes a `query`.
 * Without either there is nothing that the local model could call in good faith.
 */
export function chooseTools(question: string, tools: readonly OfferedTool[]): Pick<ToolCall, 'name' | 'args'>[] {
  const taking = (parameter: string) => tools.find(({ parameters }) => parameters.includes(parameter));
  const [calculator, search] = [taking('expression'), taking('query')];
  const found = calculator && findExpression(question);
  const query = found === undefined ? question : found.rest.replace(ABOUT_ARITHMETIC, '').replace(/\s+/g, ' ').trim();
  return [
    ...(calculator && found ? [{ name: calculator.name, args: { expression: found.expression } }] : []),
    ...(search && subjectOf(query) !== undefined ? [{ name: search.name, args: { query } }] : []),
  ];
}
