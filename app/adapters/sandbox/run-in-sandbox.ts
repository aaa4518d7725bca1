import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { toolLimits } from '../../../contract/index.js';
import type { RunCode } from '../../agent-tools/code-runner.js';
import { packageFolder } from '../../runtime/package-folder.js';

/** Read beside the bundle, from the folder of package.json. */
export const SANDBOX_THREAD = 'app/adapters/sandbox/sandbox-thread.js';

/** @see toolLimits.code */
type CodeLimits = Readonly<Record<keyof typeof toolLimits.code, number>>;

/** The thread says that the program begins, then what became of it. */
type Message = 'begins' | Outcome;
type Outcome = { readonly output: string } | { readonly error: string };

/** A program was ended, failed, or found no place. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}

/**
 * Runs JavaScript in an interpreter of its own (QuickJS in WebAssembly), in a thread of its own: with bounded time and memory and nothing to read
 * from or write to. The interpreter looks at the clock itself; what it cannot interrupt, such as one of its built-in loops, ends with its thread.
 */
export function makeSandbox(limits: CodeLimits = toolLimits.code): RunCode {
  const places = bulkhead(limits.atATime, limits.waiting);
  return async (code, signal) => {
    signal.throwIfAborted();
    const outcome = await inPlace(places, limits, signal, () => inThread(code, limits, signal));
    if ('error' in outcome) throw new SandboxError(`The code ${outcome.error}`);
    return outcome.output;
  };
}

function inPlace(
  places: BulkheadPolicy,
  { waiting }: CodeLimits,
  signal: AbortSignal,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  return places.execute(run, signal).catch((error: unknown) => {
    if (isBulkheadRejectedError(error)) {
      throw new SandboxError(`No code is run now: ${waiting} programs wait already; try again later.`);
    }
    throw error;
  });
}

function inThread(code: string, limits: CodeLimits, signal: AbortSignal): Promise<Outcome> {
  const { timeoutMs, endAfterMs, memoryBytes, stackBytes } = limits;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const thread = new Worker(join(packageFolder(), SANDBOX_THREAD), {
      workerData: { code, timeoutMs, memoryBytes, stackBytes, outputCharacters: toolLimits.outputCharacters },
      // No variable of the process, no argument of its command line, and none of its streams.
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      // Beside the interpreter's memory, which is WebAssembly's: the thread's own heap.
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
    });
    const finish = (settle: () => void) => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
      thread.terminate().then(settle, reject);
    };
    let deadline: NodeJS.Timeout | undefined;
    const end = () => finish(() => resolve({ error: `ran longer than ${timeoutMs} ms.` }));
    const abort = () => finish(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    thread.on('message', (message: Message) => {
      if (message === 'begins') deadline = setTimeout(end, endAfterMs);
      else finish(() => resolve(message));
    });
    thread.once('error', (error) => finish(() => resolve({ error: `ended its interpreter: ${error.message}` })));
  });
}
