import { tool } from '@langchain/core/tools';
import * as z from 'zod';
import { type AgentTool, toolLimits } from '../../contract/index.js';
import { cutOutput } from './cut-output.js';

/** Runs a program. @returns what it printed, then its last value @throws in words when it fails or is ended */
export type RunCode = (code: string, signal: AbortSignal) => Promise<string>;

/** Runs JavaScript that the model writes, where it can do no harm. */
export function codeRunner(runCode: RunCode) {
  const { characters, timeoutMs } = toolLimits.code;
  return tool(async ({ code }, { signal }) => cutOutput(await runCode(code, signal ?? new AbortController().signal)), {
    name: 'run_code' satisfies AgentTool,
    description:
      'Runs JavaScript (ES2023) and returns what it printed with console.log, then the value of its last statement. It has ' +
      `${timeoutMs} ms, and no files, network, modules or timers.`,
    schema: z.object({ code: z.string().min(1).max(characters) }),
  });
}
