import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { toolLimits } from '../../contract/index.js';

/** Functions that would let an expression define, load or parse: off, as mathjs advises for expressions of strangers. */
const DISABLED = ['import', 'config', 'createUnit', 'evaluate', 'parse', 'compile', 'parser', 'simplify', 'derivative', 'resolve', 'rationalize'];

let loading: Promise<(expression: string) => unknown> | undefined;

/** Evaluates arithmetic with a parser of its own, never with JavaScript's. */
export const calculator = tool(({ expression }) => calculate(expression), {
  name: 'calculator',
  description: 'Evaluates an arithmetic expression, such as "12.5% of 840", "sqrt(2) * 3" or "(17 - 4) / 2".',
  schema: z.object({ expression: z.string().min(1).max(toolLimits.expressionCharacters) }),
});

/** @throws when the expression is not arithmetic, or its value is not a number */
export async function calculate(expression: string): Promise<string> {
  loading ??= loadEvaluate();
  const evaluate = await loading;
  let value: unknown;
  try {
    value = evaluate(expression.replace(/%\s*of\b/gi, '/ 100 *'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`"${expression}" cannot be calculated: ${reason}`, { cause });
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`"${expression}" has no finite number as its value.`);
  }
  // Twelve digits: what floating point makes of 0.1 + 0.2 is not part of the answer.
  return String(Number(value.toPrecision(12)));
}

async function loadEvaluate(): Promise<(expression: string) => unknown> {
  const { all, create } = await import('mathjs/number');
  const math = create(all);
  const evaluate = math.evaluate.bind(math);
  const refuse = (name: string) => () => {
    throw new Error(`the function ${name} is not allowed`);
  };
  math.import(Object.fromEntries(DISABLED.map((name) => [name, refuse(name)])), { override: true });
  return (expression) => evaluate(expression);
}
