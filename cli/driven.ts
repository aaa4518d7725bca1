import { setImmediate } from 'node:timers/promises';

/**
 * Work that gives way step by step, driven to its end or until somebody interrupts it (a second Ctrl-C ends the process). Shows how far it is where somebody
 * looks.
 * @returns what came of it; undefined where it was interrupted
 */
export async function driven<Step, Result>(
  steps: Generator<Step, Result>,
  progressOf: (step: Step) => string,
): Promise<{ readonly result: Result } | undefined> {
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return { result: step.value };
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progressOf(step.value)}`);
      await setImmediate();
      if (isInterrupted) return undefined;
    }
  } finally {
    process.off('SIGINT', interrupt);
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}

const BAR_WIDTH = 30;

export function barOf(share: number): string {
  const full = Math.round(share * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.round(share * 100)} %`;
}
