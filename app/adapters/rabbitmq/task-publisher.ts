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

/** Puts tasks where the topology has a place for them, and makes the place anew where somebody has deleted it. */
export class TaskPublisher {
  constructor(private readonly props: TaskPublisherProps) {}

  /** Into the queue of its priority. */
  publish(task: Task): Promise<void> {
    return this.#sendTask(this.props.topology.exchange, task);
  }

  /**
   * Does what an outcome asks for. To give the message back would have the work done again, and at once: so what the broker does not take is told
   * again, later each time, until a minute has passed or the consumer is to end.
   */
  async passOn(task: Task, outcome: Outcome, stopping: AbortSignal): Promise<void> {
    if (outcome.outcome === 'done') return;
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let pauseMs: number = PAUSE.firstMs; ; pauseMs = Math.min(2 * pauseMs, PAUSE.longestMs)) {
      try {
        return await this.#tell(task, outcome);
      } catch (error) {
        if (stopping.aborted || performance.now() + pauseMs > giveUpAt) throw error;
        this.props.onError(error);
        await wait(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }

  /** Keeps a message with the dead letters. */
  bury(body: unknown, properties: Partial<ReturnType<typeof propertiesOf>>, reason: string): Promise<void> {
    const headers = { ...properties.headers, [DEAD_REASON_HEADER]: reason };
    return this.#send({ ...properties, headers, routingKey: this.props.topology.deadLetterQueue }, body);
  }

  #tell(task: Task, outcome: Exclude<Outcome, { outcome: 'done' }>): Promise<void> {
    if (outcome.outcome === 'dead') return this.bury(task, propertiesOf(task), outcome.reason);
    const next = outcome.outcome === 'retry' ? { ...task, attempt: task.attempt + 1 } : task;
    return this.#sendTask(this.#retryExchange(outcome.delaySeconds), next);
  }

  #sendTask(exchange: string, task: Task): Promise<void> {
    return this.#send({ ...propertiesOf(task), exchange, routingKey: task.priority }, task);
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

/** An exchange that is missing closes the channel: of several messages that wait for their confirmation then, one is told why. */
function hadNoPlace(error: unknown): error is Error {
  if (error instanceof UnroutableError) return true;
  return error instanceof AMQPChannelError && (error.code === 'NOT_FOUND' || error.code === 'CH_CLOSE');
}
