import type { Consumer } from '../queue/task-queue.js';
import type { ReadinessCheck } from '../runtime/server.js';
import type { CancelTimer, Timers } from '../runtime/timers.js';
import type { Logger } from '../telemetry/logger.js';

interface StartedConsumerProps {
  /** Begins to listen and to consume; what it had begun when it fails it takes back. */
  readonly start: () => Promise<Consumer>;
  readonly timers: Timers;
  readonly logger: Logger;
}

const BACKOFF = { firstMs: 200, longestMs: 5_000 } as const;

/** A consumer that is started until it runs, and stopped even when it comes to run too late. */
export class StartedConsumer implements Consumer {
  readonly #props: StartedConsumerProps;
  #consumer: Consumer | undefined;
  #starting: Promise<void> | undefined;
  #stopping = false;
  #wake: () => void = () => undefined;

  constructor(props: StartedConsumerProps) {
    this.#props = props;
  }

  /** Fails until it consumes: a worker that serves nobody is not ready. */
  readonly readiness: ReadinessCheck = {
    name: 'consumer',
    check: async () => {
      if (this.#consumer === undefined) throw new Error('The worker does not consume yet.');
    },
  };

  /** Returns at once. What goes wrong is logged and tried again, later each time. */
  begin(): void {
    this.#starting ??= this.#start();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#starting;
    await this.#consumer?.stop();
  }

  async #start(): Promise<void> {
    for (let attempt = 1; !this.#stopping && this.#consumer === undefined; attempt += 1) {
      try {
        this.#consumer = await this.#props.start();
      } catch (error) {
        const delayMs = Math.min(BACKOFF.firstMs * 2 ** (attempt - 1), BACKOFF.longestMs);
        this.#props.logger.warn({ err: error, attempt, nextTryInMs: delayMs }, 'the worker could not begin to consume');
        if (!this.#stopping) await this.#pause(delayMs);
      }
    }
  }

  async #pause(delayMs: number): Promise<void> {
    let cancel: CancelTimer = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      cancel = this.#props.timers.after(delayMs, resolve);
    });
    cancel();
  }
}
