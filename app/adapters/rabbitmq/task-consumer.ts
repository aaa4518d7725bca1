import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from 'rabbitmq-client';
import type { TaskPriority, TaskTopology } from '../../../contract/index.js';
import type { Consumer } from '../../queue/task-queue.js';
import { IdleSubscription } from './idle-subscription.js';
import { LOOK_AGE_MS, QueueLooks } from './queue-looks.js';
import type { Delivery } from './settling-channel.js';
import { SlotSource } from './slot-source.js';
import { SubscriptionChannel } from './subscription-channel.js';
import { WorkTurns } from './work-turns.js';

export interface TaskConsumerProps {
  readonly connection: Connection;
  readonly topology: Pick<TaskTopology<TaskPriority>, 'queues'>;
  /** Tasks worked on at a time. */
  readonly slots: number;
  /** Does the work and passes it on; the message is acknowledged when it resolves, and goes back when it rejects. `stopping` aborts when no more is begun. */
  readonly work: (delivery: Delivery, stopping: AbortSignal) => Promise<void>;
  /** Is told of a queue that is not there: the others are consumed meanwhile. */
  readonly onMissing: (error: unknown) => void;
  readonly onError: (error: unknown) => void;
}

/** Messages that wait in a queue which alone has work, from which on it is followed. */
const BACKLOG = 100;
/** Before a slot begins again after an error. */
const PAUSE_MS = 100;

/**
 * Has each slot fetch its tasks one by one, from the queue whose turn it is. Subscribing to three queues would have the broker choose,
 * and would leave messages with a worker that is busy; so a slot asks, and subscribes only where there is no choice: to all queues
 * while they are empty, and to one that has a backlog for as long as the others are empty.
 */
export class TaskConsumer implements Consumer {
  readonly #props: TaskConsumerProps;
  readonly #turns: WorkTurns<TaskPriority>;
  readonly #looks: QueueLooks;
  readonly #subscriptions: SubscriptionChannel;
  readonly #idle: IdleSubscription;
  readonly #stopping = new AbortController();
  readonly #slots: readonly Promise<void>[];

  constructor(props: TaskConsumerProps) {
    this.#props = props;
    const { connection, topology, slots, onMissing } = props;
    this.#turns = new WorkTurns(topology.queues);
    this.#looks = new QueueLooks({
      connection,
      queues: topology.queues,
      saw: (priority, ready) => this.#turns.saw(priority, ready),
      onMissing,
    });
    this.#subscriptions = new SubscriptionChannel(connection);
    this.#idle = new IdleSubscription(this.#subscriptions, () => this.#looks.present);
    this.#slots = Array.from({ length: slots }, () => this.#runSlot());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#idle.stop();
    await Promise.allSettled(this.#slots); // Each to its end, whatever becomes of another.
    await this.#try(() => this.#subscriptions.close());
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #runSlot(): Promise<void> {
    const source = new SlotSource(this.#props.connection, this.#subscriptions);
    while (!this.#stopped) {
      try {
        const delivery = await this.#next(source);
        if (delivery) await this.#handle(delivery, source);
      } catch (error) {
        await this.#giveBack(source);
        await this.#recover(error);
      }
    }
    await this.#giveBack(source);
    await this.#try(() => source.close());
  }

  /** @returns `undefined` when it is time to ask again */
  async #next(source: SlotSource): Promise<Delivery | undefined> {
    if (this.#looks.due) await this.#looks.renew();
    const queue = this.#toFollow(source);
    if (queue !== undefined) return source.follow(queue, LOOK_AGE_MS);
    const came = await source.leave();
    if (came !== undefined) return came;
    const turn = this.#turns.take();
    if (turn === undefined) {
      const delivery = await this.#idle.next();
      this.#looks.forget();
      return delivery;
    }
    const asked = await source.ask(this.#queueOf(turn.priority));
    if (asked === undefined) this.#turns.giveBack(turn);
    else this.#turns.saw(turn.priority, asked.ready);
    return asked?.delivery;
  }

  async #handle(delivery: Delivery, source: SlotSource): Promise<void> {
    if (!delivery.inHand) return;
    let done = false;
    try {
      if (this.#stopped) return;
      await this.#props.work(delivery, this.#stopping.signal);
      done = true;
    } finally {
      // Before it is settled: that brings the next of a queue that the slot still follows.
      if (source.followed !== undefined) {
        if (done && this.#looks.due) await this.#try(() => this.#looks.renew());
        if (!done || this.#stopped || this.#toFollow(source) === undefined) await this.#giveBack(source);
      }
      delivery.settle(done);
    }
  }

  /** A queue that alone has work is followed from a backlog on, and to its last message. */
  #toFollow({ followed }: SlotSource): string | undefined {
    const { alone } = this.#turns;
    if (alone === undefined) return undefined;
    const follows = followed === undefined ? alone.ready >= BACKLOG : alone.name === followed;
    return follows ? alone.name : undefined;
  }

  /** What has come to a slot that does not begin it goes back. */
  async #giveBack(source: SlotSource): Promise<void> {
    await this.#try(async () => (await source.leave())?.settle(false));
  }

  /** What fails is told, and holds up nobody. */
  async #try(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#props.onError(error);
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#stopped) return;
    this.#props.onError(error);
    await wait(PAUSE_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  #queueOf(priority: TaskPriority): string {
    const found = this.#props.topology.queues.find((queue) => queue.priority === priority);
    if (found === undefined) throw new Error(`The topology has no queue of priority ${priority}.`);
    return found.name;
  }
}
