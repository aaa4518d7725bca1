import type { Connection } from 'rabbitmq-client';
import { type TaskPriority, type TaskTopology, tasks } from '../../../contract/index.js';
import type { Task } from '../../queue/task.js';
import { ConfirmedPublisher } from './confirmed-publisher.js';
import { connectRabbitMq, type RabbitMqOptions } from './connect-rabbitmq.js';
import { type DeadMessage, visitDeadLetters } from './dead-letters.js';
import { propertiesOf } from './task-message.js';

/** Messages that one visit goes over: the queue holds them meanwhile. */
const MOST = 100_000;

export interface DeadLetterQueueOptions extends RabbitMqOptions {
  /** @default the platform's */
  readonly topology?: TaskTopology<TaskPriority>;
}

/** The dead letters, for a person who looks after them. */
export class DeadLetterQueue {
  readonly #publisher: ConfirmedPublisher;

  private constructor(
    private readonly connection: Connection,
    private readonly topology: TaskTopology<TaskPriority>,
    options: RabbitMqOptions,
  ) {
    this.#publisher = new ConfirmedPublisher(options);
  }

  /** @throws if the broker does not answer within `timeoutMs` */
  static async open(options: DeadLetterQueueOptions, timeoutMs: number): Promise<DeadLetterQueue> {
    const connection = connectRabbitMq(options);
    await connection.onConnect(timeoutMs);
    return new DeadLetterQueue(connection, options.topology ?? tasks, options);
  }

  get name(): string {
    return this.topology.deadLetterQueue;
  }

  /** Messages ready in each queue of the topology, by name. */
  async depths(): Promise<Readonly<Record<string, number>>> {
    const { queues, deadLetterQueue } = this.topology;
    const depths: Record<string, number> = {};
    for (const name of [...queues.map((queue) => queue.name), deadLetterQueue]) {
      depths[name] = (await this.connection.queueDeclare({ queue: name, passive: true })).messageCount;
    }
    return depths;
  }

  /** The oldest dead letters; they stay where they are. */
  async inspect(limit: number): Promise<readonly DeadMessage[]> {
    const found: DeadMessage[] = [];
    await visitDeadLetters(this.connection, this.topology, limit, (message) => {
      found.push(message);
      return 'keep';
    });
    return found;
  }

  /** Puts tasks back into the queues they came from, to be tried anew, each once. @returns the ids of those it put back */
  async replay(wanted: (task: Task) => boolean): Promise<readonly string[]> {
    const replayed = new Set<string>();
    await visitDeadLetters(this.connection, this.topology, MOST, async ({ task }) => {
      // What has failed again meanwhile stays, and is not met again: it is held until the end of the visit.
      if (task === undefined || replayed.has(task.id) || !wanted(task)) return 'keep';
      const again: Task = { ...task, attempt: 0, replays: (task.replays ?? 0) + 1 };
      const route = { exchange: this.topology.exchange, routingKey: task.priority };
      await this.#publisher.send({ ...propertiesOf(again), ...route }, again);
      replayed.add(task.id);
      return 'remove';
    });
    return [...replayed];
  }

  /** Removes dead letters for good. @returns how many there were */
  async purge(wanted: (message: DeadMessage) => boolean): Promise<number> {
    let purged = 0;
    await visitDeadLetters(this.connection, this.topology, MOST, (message) => {
      if (!wanted(message)) return 'keep';
      purged += 1;
      return 'remove';
    });
    return purged;
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    await this.connection.close();
  }
}
