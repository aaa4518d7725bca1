import { setTimeout as wait } from 'node:timers/promises';
import { AMQPChannelError, type Envelope } from 'rabbitmq-client';
import { DEAD_REASON_HEADER, retryQueueName, type TaskTopology } from '../../../contract/index.js';
import type { Task } from '../../queue/task.js';
import type { Outcome } from '../../queue/task-queue.js';
import { type ConfirmedPublisher, UnroutableError } from './confirmed-publisher.js';
import { propertiesOf } from './task-message.js';

/** For so long an outcome is told again that the broker does not take. Far less than a message may be in hand. */
const PATIENCE_MS = 60_000;
const PAUSE = { firstMs: 500, longestMs: 5_000 } as const;

interface TaskPublisherProps {
  readonly publisher: Pick<ConfirmedPublisher, 'send'>;
  readonly topology: TaskTopology;
  /** Makes anew what the broker lacks of the topology. */
  readonly restore: () => Promise<void>;
  /** Hears of an outcome that was not taken, and is told again. */
  readonly onError: (error: unknown) => void;
}

/** Whoever holds the message of an outcome. */
interface Holding {
  /** Whether the message is in hand still, and not the broker's again. */
  readonly inHand: () => boolean;
  /** Aborts when the consumer is to end. */
  readonly stopping: AbortSignal;
}

/** Puts tasks where the topology has a place for them, and makes the place anew where somebody has deleted it. */
export class TaskPublisher {
  constructor(private readonly props: TaskPublisherProps) {}

  /** Into the queue of its priority. */
  publish(task: Task): Promise<void> {
    return this.#send(routed(task, this.props.topology.exchange), task);
  }

  /**
   * Does what an outcome asks for. To give the message back would have the work done again, and at once: so what the broker does not take is told
   * again, later each time, until a minute has passed or the consumer is to end. A retry is told no more once the broker has the message back: the task
   * would be there twice. A dead letter is: who works on the task meanwhile finds that it has ended, and keeps none.
   */
  async passOn(task: Task, outcome: Outcome, { inHand, stopping }: Holding): Promise<void> {
    if (outcome.outcome === 'done') return;
    const [envelope, body] = this.#messageOf(task, outcome);
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let pauseMs: number = PAUSE.firstMs; ; pauseMs = Math.min(2 * pauseMs, PAUSE.longestMs)) {
      try {
        return await this.#send(envelope, body);
      } catch (error) {
        if (stopping.aborted || performance.now() + pauseMs > giveUpAt) throw error;
        this.props.onError(error);
        await wait(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
        if (outcome.outcome !== 'dead' && !inHand()) throw error;
      }
    }
  }

  /** Keeps what is no task with the dead letters. */
  bury(body: unknown, reason: string): Promise<void> {
    return this.#send(this.#deadLetter({}, reason), body);
  }

  #messageOf(task: Task, outcome: Exclude<Outcome, { outcome: 'done' }>): readonly [Envelope, Task] {
    if (outcome.outcome === 'dead') return [this.#deadLetter(propertiesOf(task), outcome.reason), task];
    const next = outcome.outcome === 'retry' ? { ...task, attempt: task.attempt + 1 } : task;
    return [routed(next, this.#retryExchange(outcome.delaySeconds)), next];
  }

  #deadLetter(properties: Partial<ReturnType<typeof propertiesOf>>, reason: string): Envelope {
    const headers = { ...properties.headers, [DEAD_REASON_HEADER]: reason };
    return { ...properties, headers, routingKey: this.props.topology.deadLetterQueue };
  }

  async #send(envelope: Envelope, body: unknown): Promise<void> {
    const { publisher, restore } = this.props;
    try {
      await publisher.send(envelope, body);
    } catch (error) {
      if (!hadNoPlace(error)) throw error;
      await restore().catch((cause: unknown) => {
        throw Object.assign(error, { cause });
      });
      await publisher.send(envelope, body);
    }
  }

  /** A broker holds a message back by the queue that it waits in, so there are the topology's delays only. */
  #retryExchange(delaySeconds: number): string {
    const { topology } = this.props;
    const retry = topology.retryDelaysSeconds.indexOf(delaySeconds);
    if (retry >= 0) return retryQueueName(topology, retry);
    throw new Error(
      `No queue delays a retry by ${delaySeconds} s, only by ${topology.retryDelaysSeconds.join(', ')} s.`,
    );
  }
}

function routed(task: Task, exchange: string): Envelope {
  return { ...propertiesOf(task), exchange, routingKey: task.priority };
}

/** An exchange that is missing closes the channel: of several messages that wait for their confirmation then, one is told why. */
function hadNoPlace(error: unknown): error is Error {
  if (error instanceof UnroutableError) return true;
  return error instanceof AMQPChannelError && (error.code === 'NOT_FOUND' || error.code === 'CH_CLOSE');
}
