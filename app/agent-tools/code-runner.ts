import { tool } from '@langchain/core/tools';
import * as z from 'zod';
import { type AgentTool, toolLimits } from '../../contract/index.js';
import { cutText } from '../llm/cut-text.js';

/** Runs a program. @returns what it printed, then its last value @throws in words when it fails or is ended */
export type RunCode = (code: string, signal: AbortSignal) => Promise<string>;

/** Runs JavaScript that the model writes, where it can do no harm. */
export function codeRunner(runCode: RunCode) {
  const { characters, timeoutMs } = toolLimits.code;
  const run = async (code: string, signal = new AbortController().signal) =>
    cutText(await runCode(code, signal), toolLimits.outputCharacters);
  return tool(({ code }, { signal }) => run(code, signal), {
    name: 'run_code' satisfies AgentTool,
    description:
      'Runs JavaScript (ES2023) and returns what it printed with console.log, then the value of its last statement. It has ' +
      `${timeoutMs} ms, and no files, network, modules or timers.`,
    schema: z.object({ code: z.string().min(1).max(characters) }),
  });
}
