/**
 * The thread that one program runs in: QuickJS as WebAssembly, which has no file, no network, no clock but Date and nothing of Node.
 * It is JavaScript because a thread starts from a file, and from the sources Node 20 reads no other; it does not lie in the bundle.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';

/** What the program is given: `console.log` keeps lines until there are too many. JSON of the value is made by functions that it cannot replace. */
const PRELUDE = `(() => {
  const { stringify } = JSON, text = String, lines = [];
  const show = (value) => {
    if (typeof value === 'string') return value;
    try { return stringify(value) ?? text(value); } catch { return text(value); }
  };
  let kept = 0;
  const log = (...values) => {
    if (kept > LIMIT) return;
    const line = values.map(show).join(' ');
    kept += line.length + 1;
    lines.push(line);
  };
  globalThis.console = { log, info: log, warn: log, error: log };
  return (value) => [...lines, ...(value === undefined ? [] : [show(value)])].join('\\n').slice(0, LIMIT + 1);
})()`;

const { code, timeoutMs, memoryBytes, stackBytes, outputCharacters } = workerData;
parentPort?.postMessage(await run());

/** @returns {Promise<{ output: string } | { error: string }>} */
async function run() {
  const quickJs = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-ng-wasmfile-release-sync'));
  const runtime = quickJs.newRuntime({ memoryLimitBytes: memoryBytes, maxStackSizeBytes: stackBytes });
  const context = runtime.newContext();
  const report = context.unwrapResult(context.evalCode(PRELUDE.replaceAll('LIMIT', String(outputCharacters))));
  // From here on the time is the program's own: a busy machine must not take it for what comes before.
  parentPort?.postMessage('begins');
  const endAt = performance.now() + timeoutMs;
  runtime.setInterruptHandler(() => performance.now() > endAt);
  const result = context.evalCode(code, 'code.js');
  if (result.error) return { error: told(context.dump(result.error)) };
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return { error: told(context.dump(jobs.error)) };
  const state = context.getPromiseState(result.value);
  if (state.type === 'rejected') return { error: told(context.dump(state.error)) };
  if (state.type === 'pending')
    return { error: 'waits for what never comes: there is no clock and no network to wait for.' };
  const output = context.callFunction(report, context.undefined, state.value);
  if (output.error) return { error: told(context.dump(output.error)) };
  // Nothing is given back to the interpreter: the thread ends, and its memory with it.
  return { output: context.getString(output.value) };
}

/**
 * @param {unknown} error what the program threw: anything
 * @returns {string}
 */
function told(error) {
  const { name, message } =
    typeof error === 'object' && error !== null ? /** @type {Record<string, unknown>} */ (error) : {};
  if (name === 'InternalError' && message === 'interrupted') return `ran longer than ${timeoutMs} ms.`;
  if (name === 'InternalError' && message === 'out of memory') return `took more than ${memoryBytes} bytes of memory.`;
  const text = typeof message === 'string' ? `${name}: ${message}` : String(JSON.stringify(error));
  return `failed: ${text.slice(0, outputCharacters)}`;
}
