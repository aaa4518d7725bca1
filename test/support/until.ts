import { setImmediate } from 'node:timers/promises';

/** Waits until the condition holds. @throws after `limitMs`, naming what did not happen */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain until ${what}.`);
    await setImmediate();
  }
}
