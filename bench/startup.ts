/**
 * Processor time of `npm start`, npm itself included, until the platform is ready and before it reads documents, and its
 * memory when idle; both against importing Fastify, zod and LangChain's core alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { alternate, judge, mean } from './comparison.js';
import { type GroupUsage, usageOfGroup } from './processor-time.js';

const ROUNDS = 7;
const PROCESSOR_BOUND = 3;
const MEMORY_BOUND_MB = 150;
/** Until allocations of the start have been collected. */
const IDLE_AFTER_MS = 3_000;
const READY_WITHIN_MS = 60_000;
const READY = /\bready in\b/;

/** Usage at the moment of readiness, and memory a while later. */
interface Startup extends GroupUsage {
  readonly idleBytes: number;
}

const START = ['npm', 'start', '--silent', '--', '--no-documents', '--port', '0'];
const IMPORTS = ['node', fileURLToPath(new URL('peers/imports.js', import.meta.url))];

// Not measured: the first start fills build/.
await startUp(START);
const { platform, imports } = await alternate(ROUNDS, {
  platform: () => startUp(START),
  imports: () => startUp(IMPORTS),
});
const processorMs = (runs: Startup[]) => mean(runs.map((run) => run.processorMs));
const idleMb = (runs: Startup[]) => mean(runs.map((run) => run.idleBytes)) / 1e6;

console.log(`mean of ${ROUNDS} rounds:`);
console.log(`      npm start       ${processorMs(platform).toFixed(0)} ms, ${idleMb(platform).toFixed(0)} MB idle`);
console.log(`      imports alone   ${processorMs(imports).toFixed(0)} ms, ${idleMb(imports).toFixed(0)} MB idle`);
judge('start against the imports', processorMs(platform) / processorMs(imports), PROCESSOR_BOUND, 'times');
judge('idle memory above the imports', idleMb(platform) - idleMb(imports), MEMORY_BOUND_MB, 'MB');

/** Starts a command in a process group of its own, measures it when it says that it is ready, and stops it. */
async function startUp([program = '', ...args]: readonly string[]): Promise<Startup> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const group = child.pid;
  if (group === undefined) throw new Error(`${program} could not be started.`);
  try {
    await Promise.race([readyLine(child.stdout), failAfter(READY_WITHIN_MS), ended.then(() => fail('it ended'))]);
    const ready = usageOfGroup(group);
    await wait(IDLE_AFTER_MS);
    return { ...ready, idleBytes: usageOfGroup(group).largestBytes };
  } finally {
    if (child.exitCode === null) process.kill(-group, 'SIGINT');
    await ended;
  }
}

async function readyLine(output: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: output })) if (READY.test(line)) return;
}

async function failAfter(ms: number): Promise<never> {
  await wait(ms, undefined, { ref: false });
  return fail(`it took more than ${ms} ms`);
}

function fail(reason: string): never {
  throw new Error(`Not ready: ${reason}.`);
}
