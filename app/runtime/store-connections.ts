import type { Logger } from '../telemetry/logger.js';
import type { ReadinessCheck } from './server.js';
import type { Timers } from './timers.js';

/** What a process does with a store that it has opened. */
export interface StoreLife {
  /** Rejects when the store cannot be used now, and the process is not ready then. @default the process serves without it too */
  check?(): Promise<unknown>;
  close(): Promise<unknown>;
}

interface StoreConnectionsProps {
  readonly logger: Logger;
  readonly timers: Timers;
  /** Aborts when the process has been told to end. */
  readonly stopping: AbortSignal;
}

const BACKOFF = { firstMs: 200, longestMs: 5_000 } as const;

/** The stores of a process: waited for at the start, asked about their health, closed last. */
export class StoreConnections {
  readonly #props: StoreConnectionsProps;
  /** Rejects when the process is to end: a store that never answers must not hold that up. */
  readonly #stopped: Promise<never>;
  readonly #awaited = new Set<string>();
  readonly #open: { readonly name: string; readonly life: StoreLife }[] = [];

  constructor(props: StoreConnectionsProps) {
    const { stopping } = props;
    this.#props = props;
    this.#stopped = new Promise((_, reject) => {
      const stop = () => reject(stopping.reason);
      if (stopping.aborted)
        stop(); // before there was anything to wait for
      else stopping.addEventListener('abort', stop, { once: true });
    });
    this.#stopped.catch(() => undefined); // nobody may be waiting
  }

  /**
   * Opens a store, however long it takes to come, and says what it waits for and why.
   * @param name as a person calls it: `PostgreSQL`
   * @throws the reason of `stopping` when the process is to end meanwhile
   */
  async open<T>(name: string, connect: () => Promise<T>, lifeOf: (store: T) => StoreLife): Promise<T> {
    this.#awaited.add(name);
    const store = await this.#connected(name, connect);
    this.#open.push({ name, life: lifeOf(store) });
    this.#awaited.delete(name);
    this.#props.logger.info({ store: name }, `${name} is there`);
    return store;
  }

  /** What is not there yet, as checks that fail. */
  get awaited(): readonly ReadinessCheck[] {
    const missing = async () => {
      throw new Error('It is not there yet.');
    };
    return [...this.#awaited].map((name) => ({ name, check: missing }));
  }

  /** One check for each store that the process cannot serve without. */
  get checks(): readonly ReadinessCheck[] {
    return this.#open
      .filter(({ life }) => life.check !== undefined)
      .map(({ name, life }) => ({ name, check: async () => void (await life.check?.()) }));
  }

  /** Closes what was opened last first. One that cannot be closed does not hold up the others. */
  async close(): Promise<void> {
    for (const { name, life } of this.#open.splice(0).reverse()) {
      await life.close().catch((error: unknown) => {
        this.#props.logger.warn({ err: error, store: name }, 'not closed in order');
      });
    }
  }

  async #connected<T>(name: string, connect: () => Promise<T>): Promise<T> {
    const { logger, timers, stopping } = this.#props;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await Promise.race([connect(), this.#stopped]);
      } catch (error) {
        stopping.throwIfAborted();
        const delayMs = Math.min(BACKOFF.firstMs * 2 ** (attempt - 1), BACKOFF.longestMs);
        const reason = error instanceof Error ? error.message : String(error);
        logger.warn({ store: name, attempt, nextTryInMs: delayMs }, `waiting for ${name}: ${reason}`);
        await Promise.race([new Promise<void>((resolve) => timers.after(delayMs, resolve)), this.#stopped]);
      }
    }
  }
}
