import type { Connection } from 'rabbitmq-client';
import { brokerTopology, type TaskPriority, type TaskTopology, tasks } from '../../../contract/index.js';
import { attemptTask } from '../../queue/attempt-task.js';
import type { Task } from '../../queue/task.js';
import type { Consumer, DeadLetter, TaskHandler, TaskQueue } from '../../queue/task-queue.js';
import { ConfirmedPublisher } from './confirmed-publisher.js';
import { connectRabbitMq, type RabbitMqOptions } from './connect-rabbitmq.js';
import { visitDeadLetters } from './dead-letters.js';
import { ensureTopology } from './ensure-topology.js';
import type { Delivery } from './settling-channel.js';
import { TaskConsumer } from './task-consumer.js';
import { readTask } from './task-message.js';
import { TaskPublisher } from './task-publisher.js';

export interface RabbitTaskQueueOptions extends RabbitMqOptions {
  /** @default the platform's */
  readonly topology?: TaskTopology<TaskPriority>;
}

/** Dead letters that are told at a time. */
const DEAD_LETTERS = 1_000;

/** Tasks in RabbitMQ's quorum queues. The connection comes back by itself; what was in hand is then delivered again. */
export class RabbitTaskQueue implements TaskQueue {
  readonly #connection: Connection;
  readonly #topology: TaskTopology<TaskPriority>;
  readonly #onError: (error: unknown) => void;
  readonly #publisher: ConfirmedPublisher;
  readonly #tasks: TaskPublisher;
  readonly #consumers = new Set<TaskConsumer>();
  #restoring: Promise<void> | undefined;
  #closed = false;

  private constructor(connection: Connection, options: RabbitTaskQueueOptions) {
    const { topology = tasks, onError } = options;
    this.#connection = connection;
    this.#topology = topology;
    this.#onError = onError;
    this.#publisher = new ConfirmedPublisher(options);
    this.#tasks = new TaskPublisher({
      publisher: this.#publisher,
      topology,
      restore: () => this.#restored(),
      onError,
    });
  }

  /** Connects, for as long as it takes the broker to answer, and makes sure of the topology: again after each loss. */
  static async open(options: RabbitTaskQueueOptions): Promise<RabbitTaskQueue> {
    const connection = connectRabbitMq(options);
    await connection.onConnect(0);
    try {
      await ensureTopology(connection, options.topology ?? tasks);
    } catch (error) {
      connection.unsafeDestroy();
      throw error;
    }
    const queue = new RabbitTaskQueue(connection, options);
    connection.on('connection', () => queue.#restoreTopology());
    return queue;
  }

  async publish(task: Task): Promise<void> {
    if (this.#closed) throw new Error(`Task ${task.id} was not published: the queue is closed.`);
    await this.#tasks.publish(task);
  }

  async consume(slots: number, handler: TaskHandler): Promise<Consumer> {
    const consumer = new TaskConsumer({
      connection: this.#connection,
      topology: this.#topology,
      slots,
      work: (delivery, stopping) => this.#work(delivery, handler, stopping),
      onMissing: (error) => {
        this.#onError(error);
        this.#restoreTopology();
      },
      onError: this.#onError,
    });
    this.#consumers.add(consumer);
    return {
      stop: async () => {
        this.#consumers.delete(consumer);
        await consumer.stop();
      },
    };
  }

  /** Fails where a work queue is missing. Whatever is missing is made anew meanwhile: of exchanges and retry queues nobody else would hear. */
  async check(): Promise<void> {
    this.#restoreTopology();
    await this.depths();
  }

  async depths(): Promise<Readonly<Record<TaskPriority, number>>> {
    const { queues } = this.#topology;
    const lengths = await this.#lengthsOf(queues.map(({ name }) => name));
    return Object.fromEntries(queues.map(({ priority, name }) => [priority, lengths[name] ?? 0])) as Record<
      TaskPriority,
      number
    >;
  }

  lengths(): Promise<Readonly<Record<string, number>>> {
    return this.#lengthsOf(brokerTopology(this.#topology).queues.map(({ name }) => name));
  }

  /** The first thousand. What is in the queue and was never a task is not among them; `armature queue inspect` shows it. */
  async deadLetters(): Promise<readonly DeadLetter[]> {
    const found: DeadLetter[] = [];
    await visitDeadLetters(this.#connection, this.#topology, DEAD_LETTERS, ({ task, reason }) => {
      if (task !== undefined) found.push({ task, reason });
      return 'keep';
    });
    return found;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    try {
      await this.#publisher.close();
    } finally {
      await this.#connection.close();
    }
  }

  /** A broker that came back may have come without it, and a person may have deleted something of it. */
  #restoreTopology(): void {
    this.#restored().catch(this.#onError);
  }

  /** Once for all who find that something is missing. */
  #restored(): Promise<void> {
    this.#restoring ??= ensureTopology(this.#connection, this.#topology).finally(() => {
      this.#restoring = undefined;
    });
    return this.#restoring;
  }

  /** What follows from an outcome is confirmed before the message is acknowledged: it may come twice, but is never lost. */
  async #work(delivery: Delivery, handler: TaskHandler, stopping: AbortSignal): Promise<void> {
    const { body } = delivery.message;
    const task = readTask(body);
    if (task === undefined) return this.#tasks.bury(body, 'The message is not a task.');
    await this.#tasks.passOn(task, await attemptTask(handler, task), { inHand: () => delivery.inHand, stopping });
  }

  async #lengthsOf(names: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const lengths: Record<string, number> = {};
    for (const queue of names) {
      lengths[queue] = (await this.#connection.queueDeclare({ queue, passive: true })).messageCount;
    }
    return lengths;
  }
}
