import { tool } from '@langchain/core/tools';
import * as z from 'zod';
import { type AgentTool, toolLimits } from '../../contract/index.js';

/**
 * All that an expression may hold. Turning off the functions that mathjs warns of (`import`, `evaluate`, `parse`...) would not be
 * enough: `f(n) = f(n-1) + f(n-1)` and `combinations(2e9, 1e9)` use none of them and never end, and no timer can stop them.
 */
const NODES = ['ConstantNode', 'OperatorNode', 'ParenthesisNode', 'FunctionNode', 'SymbolNode'];
const CONSTANTS = ['pi', 'e', 'tau', 'phi'];
const FUNCTIONS = (
  'abs sqrt cbrt nthRoot exp expm1 log log10 log2 log1p pow square cube hypot sin cos tan asin acos atan atan2 sinh cosh tanh ' +
  'round floor ceil fix sign min max mod gcd lcm factorial'
).split(' ');

let loading: Promise<(expression: string) => unknown> | undefined;

/** Evaluates arithmetic with a parser of its own, never with JavaScript's. */
export const calculator = tool(({ expression }) => calculate(expression), {
  name: 'calculator' satisfies AgentTool,
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
  // A whole number to its last digit; of any other fourteen, as what floating point makes of 0.1 + 0.2 is not part of the answer.
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(14)));
}

async function loadEvaluate(): Promise<(expression: string) => unknown> {
  const { all, create } = await import('mathjs/number');
  if (all === undefined) throw new Error('mathjs/number exports no functions.');
  const math = create(all);
  return (expression) => {
    const tree = math.parse(expression);
    tree.traverse((node) => {
      const name = 'name' in node && typeof node.name === 'string' ? node.name : undefined;
      if (!NODES.includes(node.type)) throw new Error(`${kindOf(node.type)} is not allowed in arithmetic`);
      if (node.type === 'SymbolNode' && name !== undefined && ![...CONSTANTS, ...FUNCTIONS].includes(name)) {
        throw new Error(
          `"${name}" is not allowed; there are ${FUNCTIONS.join(', ')} and the constants ${CONSTANTS.join(', ')}`,
        );
      }
    });
    return tree.compile().evaluate();
  };
}

/** `FunctionAssignmentNode` in words. */
function kindOf(type: string): string {
  return `${type
    .replace(/Node$/, '')
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase()}`;
}
