import type { Connection } from 'rabbitmq-client';
import type { TaskPriority, TaskQueueSpec } from '../../../contract/index.js';

/** What is known of the queues is renewed when it is older, and waited for when it is twice as old. */
export const LOOK_AGE_MS = 10;

/** Looks at the lengths of queues, once for all who want to know. */
export class QueueLooks {
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  /** @param saw is told how many messages each queue had ready */
  constructor(
    private readonly connection: Pick<Connection, 'queueDeclare'>,
    private readonly queues: readonly TaskQueueSpec<TaskPriority>[],
    private readonly saw: (priority: TaskPriority, ready: number) => void,
  ) {}

  /** Looks again where that is due. @throws what the broker refused */
  async renew(): Promise<void> {
    const ageMs = performance.now() - this.#lookedAt;
    if (ageMs < LOOK_AGE_MS) return;
    if (this.#looking === undefined) {
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined;
      });
      this.#looking.catch(() => undefined); // Whoever waits for it hears of it.
    }
    if (ageMs >= 2 * LOOK_AGE_MS) await this.#looking;
  }

  /** What was seen tells nothing any more. */
  forget(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  async #look(): Promise<void> {
    const lookedAt = performance.now();
    for (const { priority, name } of this.queues) {
      const { messageCount } = await this.connection.queueDeclare({ queue: name, passive: true });
      this.saw(priority, messageCount);
    }
    this.#lookedAt = lookedAt;
  }
}
