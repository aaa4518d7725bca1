import { type ChildProcess, spawn } from 'node:child_process';

/** Kills what it is told of when its input is closed before a line has come. */
const WATCH = 'read -r _ || kill -KILL "$0"';

/**
 * Has a process end with the test run at the latest, so that a run that is stopped leaves nothing behind. Of a run that is killed no code is
 * left to do that, and Jest shows suites a `process` that hears of no exit: so another process waits at the end of a pipe, which the system
 * closes however this one ends.
 */
export function endWithRun(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const watch = spawn('/bin/sh', ['-c', WATCH, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In a session of its own: an interrupt at the terminal is for the run, and must leave the watch.
    detached: true,
  });
  // Nobody waits for it.
  watch.unref();
  watch.stdin.on('error', () => undefined);
  child.once('exit', () => watch.stdin.end('\n'));
}
