import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { toolLimits } from '../../../contract/index.js';
import { packageFolder } from '../../runtime/package-folder.js';
import { makeSandbox, SANDBOX_THREAD, SandboxError } from './run-in-sandbox.js';

const limits = { ...toolLimits.code, timeoutMs: 100, endAfterMs: 300, atATime: 4 };
const inTime = makeSandbox({ ...limits, timeoutMs: 30_000, endAfterMs: 40_000 });
const quick = makeSandbox(limits);
/** A busy machine may be slow: what has an end of its own gets the time for it. */
const run = (code: string, signal = new AbortController().signal) => inTime(code, signal);
/** What has none, or asks for memory until it is stopped, is stopped soon. */
const stop = (code: string) => quick(code, new AbortController().signal);

describe('code in the sandbox', () => {
  it.each([
    ['[1, 2, 3].map((n) => n * n)', '[1,4,9]'],
    ['console.log("a", { b: 1 }); 2n ** 70n', 'a {"b":1}\n1180591620717411303424'],
    ['(async () => { let sum = 0; for (let i = 1; i <= 100; i++) sum += await i; return sum; })()', '5050'],
    ['const words = "to be or not to be".split(" "); new Set(words).size', '4'],
    ['console.log("only said")', 'only said'],
  ])('gives what %s prints and is', async (code, output) => {
    expect(await run(code)).toBe(output);
  });

  it.each([
    ['throw new TypeError("no")', 'failed: TypeError: no'],
    ['throw "words"', 'failed: "words"'],
    ['let a = ', 'failed: SyntaxError'],
    ['Promise.reject(new Error("late"))', 'failed: Error: late'],
    ['new Promise(() => undefined)', 'waits for what never comes'],
    ['import("node:fs")', 'failed'],
  ])('tells how %s failed', async (code, message) => {
    const failure = run(code);
    await expect(failure).rejects.toThrow(SandboxError);
    await expect(failure).rejects.toThrow(message);
  });

  it.each([
    'while (true);',
    'try { while (true); } catch { 1 } finally { while (true); }',
    'Promise.resolve().then(() => { while (true); })',
    '({ toJSON() { while (true); } })',
    '/(a+)+$/.test("a".repeat(40) + "b")',
    'function f() { try { f(); } finally { f(); } } f()',
  ])('ends %s at its time', async (code) => {
    await expect(stop(code)).rejects.toThrow(`ran longer than ${limits.timeoutMs} ms`);
  });

  it.each([
    'const all = []; while (true) all.push("x".repeat(1e5) + all.length)',
    '"x".repeat(1e9)',
    'new Array(1e9).fill(0)',
    'let s = "x"; while (true) s += s',
    'new ArrayBuffer(2 ** 31)',
    'const all = []; while (true) all.push(new Array(1e5).fill(1))',
  ])('gives %s no more memory than the limit', async (code) => {
    await expect(stop(code)).rejects.toThrow(/took more than|RangeError|string too long|ran longer than/);
  });

  it('ends what the interpreter itself cannot interrupt', async () => {
    // The built-in loop over a length of 2^53 - 1 asks for no deadline.
    const startedAt = performance.now();
    await expect(stop('[].indexOf.call({ length: 2 ** 53 - 1 }, 1)')).rejects.toThrow('ran longer than');
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });

  it('recurses no deeper than its stack', async () => {
    await expect(run('function f() { return f() + 1; } f()')).rejects.toThrow('Maximum call stack size exceeded');
    await expect(run(`${'['.repeat(1e4)}${']'.repeat(1e4)}`)).rejects.toThrow('Maximum call stack size exceeded');
    await expect(run(`JSON.parse("[".repeat(1e5) + "]".repeat(1e5))`)).rejects.toThrow('failed');
  });

  it('has nothing of Node, and no way to it', async () => {
    const names = [
      'process',
      'require',
      'module',
      'fetch',
      'setTimeout',
      'WebAssembly',
      'Deno',
      'std',
      'os',
      'scriptArgs',
      'Worker',
    ];
    expect(await run(`${JSON.stringify(names)}.filter((name) => name in globalThis)`)).toBe('[]');
    const escapes = [
      // what has led out of sandboxes that share a heap with their host

      '({}).constructor.constructor("return this")() === globalThis',
      'console.log.constructor("return typeof process")()',
      'Object.getPrototypeOf(async () => undefined).constructor("return typeof process")().then((type) => type)',
      'try { null.x } catch (e) { e.constructor.constructor("return typeof process")() }',
    ];
    const found = await Promise.all(escapes.map((way) => run(way)));
    expect(found).toEqual(['true', 'undefined', 'undefined', 'undefined']);
  });

  it('cannot make its report lie or reach another run by changing prototypes', async () => {
    const tricks = `
      Object.prototype.output = 'forged'; Object.prototype.error = 'forged'; Array.prototype.join = () => 'forged';
      Object.prototype.toJSON = () => 'forged'; JSON.stringify = () => 'forged'; String = () => 'forged';
      globalThis.left = 'behind'; 42`;
    await run(tricks).catch(() => undefined);
    expect(({} as { output?: string }).output).toBeUndefined();
    expect(await run('typeof left + [].concat(1, 2).join("-") + Object.keys(Object.prototype).length')).toBe(
      'undefined1-20',
    );
  });

  it('prints no more than the limit', async () => {
    const output = await run('for (let i = 0; i < 1e4; i++) console.log("x".repeat(100))');
    expect(output.length).toBe(toolLimits.outputCharacters + 1);
  });

  it('ends when the run of its agent does', async () => {
    const agentRun = new AbortController();
    const running = run('while (true);', agentRun.signal);
    agentRun.abort(new Error('the run is over'));
    await expect(running).rejects.toThrow('the run is over');
    await expect(run('1', AbortSignal.abort(new Error('over before')))).rejects.toThrow('over before');
  });

  it('takes a few programs at a time, and turns away what is more than may wait', async () => {
    const narrow = makeSandbox({ ...limits, timeoutMs: 30_000, endAfterMs: 40_000, atATime: 1, waiting: 1 });
    const { signal } = new AbortController();
    const [first, second, third] = await Promise.allSettled([
      narrow('1', signal),
      narrow('2', signal),
      narrow('3', signal),
    ]);
    expect([first, second]).toEqual([
      { status: 'fulfilled', value: '1' },
      { status: 'fulfilled', value: '2' },
    ]);
    expect(third).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('1 programs wait already') },
    });
  });

  it('is published with the package, and so stands in the image', async () => {
    const manifest = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8'));
    expect(manifest.files).toContain(SANDBOX_THREAD);
  });

  it('leaves the process its own thread: a program that loops holds nothing up', async () => {
    let turns = 0;
    const ticking = setInterval(() => turns++, 5);
    await expect(stop('while (true);')).rejects.toThrow(SandboxError);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
  });
});
