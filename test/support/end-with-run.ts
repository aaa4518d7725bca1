import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
// One listener for all of them: a suite may start dozens.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Has a process end with the test run at the latest, so that a run that is stopped leaves nothing behind. */
export function endWithRun(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}
