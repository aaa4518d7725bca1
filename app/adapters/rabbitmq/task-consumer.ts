import { setTimeout as wait } from 'node:timers/promises';
import type { Channel, Connection } from 'rabbitmq-client';
import type { TaskPriority, TaskTopology } from '../../../contract/index.js';
import type { Consumer } from '../../queue/task-queue.js';
import { type Delivery, IdleSubscription } from './idle-subscription.js';
import { WorkTurns } from './work-turns.js';

export interface TaskConsumerProps {
  readonly connection: Connection;
  readonly topology: Pick<TaskTopology<TaskPriority>, 'queues'>;
  /** Tasks worked on at a time, each over a channel of its own. */
  readonly slots: number;
  /**
   * Does the work and passes it on; the message is acknowledged when it resolves, and goes back when it rejects.
   * @param workIsOver called when only its outcome is left to be written
   */
  readonly work: (message: Delivery['message'], workIsOver: () => void) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** A task whose work is over. */
interface Begun {
  /** Resolves when its outcome is where it belongs, or has been told that it could not be brought there. */
  readonly settled: Promise<void>;
}

/** A queue that was empty is looked at again when its answer is older. */
const LOOK_AGE_MS = 10;
/** Before a slot begins again after an error. */
const PAUSE_MS = 100;

/**
 * Fetches tasks one by one, each from the queue whose turn it is. Subscribing to three queues would have the broker choose, and
 * would leave messages with a worker that is busy; so a slot asks, and subscribes only while there is nothing to ask for.
 */
export class TaskConsumer implements Consumer {
  readonly #props: TaskConsumerProps;
  readonly #turns: WorkTurns<TaskPriority>;
  readonly #idle: IdleSubscription;
  readonly #stopping = new AbortController();
  readonly #slots: readonly Promise<void>[];
  #lookedAt = Number.NEGATIVE_INFINITY;
  #look: Promise<void> | undefined;

  constructor(props: TaskConsumerProps) {
    this.#props = props;
    const { connection, topology, slots } = props;
    this.#turns = new WorkTurns(topology.queues);
    this.#idle = new IdleSubscription(
      connection,
      topology.queues.map(({ name }) => name),
    );
    this.#slots = Array.from({ length: slots }, () => this.#runSlot());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#idle.stop();
    await Promise.allSettled(this.#slots); // Each to its end, whatever becomes of another.
    await this.#close(this.#idle);
  }

  /** What cannot be closed is told, and holds up nobody. */
  async #close(one: Pick<Channel, 'close'> | undefined): Promise<void> {
    try {
      await one?.close();
    } catch (error) {
      this.#props.onError(error);
    }
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** The next task is fetched while the outcome of the last one is written, and begun after it: a worker that dies has begun one task a slot. */
  async #runSlot(): Promise<void> {
    let channel: Channel | undefined;
    let last: Begun | undefined;
    while (!this.#stopped) {
      try {
        if (!channel?.active) channel = await this.#props.connection.acquire();
        const delivery = await this.#next(channel);
        await last?.settled;
        last = delivery && (await this.#begin(delivery));
      } catch (error) {
        await this.#recover(error);
      }
    }
    await last?.settled;
    await this.#close(channel);
  }

  /** @returns when the work is over */
  async #begin(delivery: Delivery): Promise<Begun> {
    let settled = Promise.resolve();
    await new Promise<void>((workIsOver) => {
      settled = this.#handle(delivery, workIsOver)
        .catch((error: unknown) => this.#recover(error))
        .finally(workIsOver);
    });
    return { settled };
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#stopped) return;
    this.#props.onError(error);
    await wait(PAUSE_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  /** @returns `undefined` when it is time to ask again */
  async #next(channel: Channel): Promise<Delivery | undefined> {
    await this.#lookAtEmptyQueues();
    const turn = this.#turns.take();
    if (turn === undefined) {
      const delivery = await this.#idle.next();
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      return delivery;
    }
    const message = await channel.basicGet(this.#queueOf(turn.priority));
    if (message === undefined) this.#turns.giveBack(turn);
    else this.#turns.saw(turn.priority, message.messageCount);
    return message && { channel, message };
  }

  async #handle({ channel, message }: Delivery, workIsOver: () => void): Promise<void> {
    const { deliveryTag } = message;
    try {
      if (this.#stopped) return channel.basicNack({ deliveryTag, requeue: true });
      await this.#props.work(message, workIsOver);
    } catch (error) {
      if (channel.active) channel.basicNack({ deliveryTag, requeue: true });
      throw error;
    }
    // Over a lost connection the broker has taken the message back already, and delivers it again.
    if (channel.active) channel.basicAck({ deliveryTag });
  }

  /** One look for all slots. A queue that gave a message is known by that. */
  async #lookAtEmptyQueues(): Promise<void> {
    if (performance.now() - this.#lookedAt < LOOK_AGE_MS || this.#turns.emptyQueues.length === 0) return;
    this.#look ??= this.#lookNow().finally(() => {
      this.#look = undefined;
    });
    await this.#look;
  }

  async #lookNow(): Promise<void> {
    this.#lookedAt = performance.now();
    for (const { priority, name } of this.#turns.emptyQueues) {
      const { messageCount } = await this.#props.connection.queueDeclare({ queue: name, passive: true });
      this.#turns.saw(priority, messageCount);
    }
  }

  #queueOf(priority: TaskPriority): string {
    const found = this.#props.topology.queues.find((queue) => queue.priority === priority);
    if (found === undefined) throw new Error(`The topology has no queue of priority ${priority}.`);
    return found.name;
  }
}
