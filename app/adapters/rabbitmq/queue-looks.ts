import { AMQPChannelError, type Connection } from 'rabbitmq-client';
import type { TaskPriority, TaskQueueSpec } from '../../../contract/index.js';

/** What is known of the queues is renewed when it is older, and waited for when it is twice as old. */
export const LOOK_AGE_MS = 10;
/** A queue that is still missing is told again: whoever would make it anew may have failed. */
export const TOLD_AGAIN_MS = 5_000;

interface QueueLooksProps {
  readonly connection: Pick<Connection, 'queueDeclare'>;
  readonly queues: readonly TaskQueueSpec<TaskPriority>[];
  /** Is told how many messages each queue had ready. */
  readonly saw: (priority: TaskPriority, ready: number) => void;
  /** Is told of a queue that is not there, and again every five seconds until it is; the others are looked at all the same. */
  readonly onMissing: (error: AMQPChannelError) => void;
  /** @default the process's own clock, in ms */
  readonly now?: () => number;
}

/** Looks at the lengths of queues, once for all who want to know. */
export class QueueLooks {
  readonly #props: QueueLooksProps;
  readonly #now: () => number;
  /** When it was last told that a queue is missing. */
  readonly #toldAt = new Map<string, number>();
  /** When the last look that has ended was begun. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(props: QueueLooksProps) {
    this.#props = props;
    this.#now = props.now ?? (() => performance.now());
  }

  /** Names of the queues that were there when they were last looked at, or were not looked at yet. */
  get present(): readonly string[] {
    return this.#props.queues.map(({ name }) => name).filter((name) => !this.#toldAt.has(name));
  }

  /** Whether what is known is old enough to be renewed. */
  get due(): boolean {
    return this.#now() - this.#lookedAt >= LOOK_AGE_MS;
  }

  /** Looks again where that is due. What is known then is not of long before, however long a look takes. @throws what the broker refused */
  async renew(): Promise<void> {
    if (!this.due) return;
    const now = this.#now();
    const looking = this.#ongoing();
    looking.catch(() => undefined); // Whoever waits for it hears of it.
    while (now - this.#lookedAt >= 2 * LOOK_AGE_MS) await this.#ongoing();
  }

  /** What was seen tells nothing any more. */
  forget(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  #ongoing(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const lookedAt = this.#now();
    for (const { priority, name } of this.#props.queues) this.#props.saw(priority, await this.#readyIn(name));
    this.#lookedAt = lookedAt;
  }

  async #readyIn(name: string): Promise<number> {
    try {
      const { messageCount } = await this.#props.connection.queueDeclare({ queue: name, passive: true });
      this.#toldAt.delete(name);
      return messageCount;
    } catch (error) {
      if (!(error instanceof AMQPChannelError && error.code === 'NOT_FOUND')) throw error;
      const now = this.#now();
      if (now - (this.#toldAt.get(name) ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN_MS) return 0;
      this.#toldAt.set(name, now);
      this.#props.onMissing(error);
      return 0;
    }
  }
}
