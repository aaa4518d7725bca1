import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endWithRun } from '../support/end-with-run.js';

const SCRIPT = fileURLToPath(new URL('worker-process.ts', import.meta.url));

export interface FleetOptions {
  /** What every worker is given: where its stores are. */
  readonly args: readonly string[];
  readonly workers: number;
}

/** Workers in processes of their own. One that dies is replaced, as a cluster does. */
export class WorkerFleet {
  readonly #workers: ChildProcess[] = [];
  #stopping = false;

  private constructor(private readonly options: FleetOptions) {}

  static async start(options: FleetOptions): Promise<WorkerFleet> {
    const fleet = new WorkerFleet(options);
    await Promise.all(Array.from({ length: options.workers }, () => fleet.#add()));
    return fleet;
  }

  /** Ends a worker as running out of memory does: in the middle of whatever it does. */
  kill(): void {
    this.#workers[0]?.kill('SIGKILL');
  }

  /** Asks a worker to end. @returns its exit code */
  async drain(): Promise<number | null> {
    const worker = this.#workers[0];
    if (worker === undefined) return null;
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    return worker.exitCode;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      this.#workers.map(async (worker) => {
        worker.kill('SIGTERM');
        const late = setTimeout(() => worker.kill('SIGKILL'), 20_000);
        await once(worker, 'exit');
        clearTimeout(late);
      }),
    );
  }

  async #add(): Promise<void> {
    const worker = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...this.options.args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    endWithRun(worker);
    this.#workers.push(worker);
    worker.once('exit', () => {
      if (this.#stopping) return;
      this.#workers.splice(this.#workers.indexOf(worker), 1);
      void this.#add();
    });
    await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
  }
}
