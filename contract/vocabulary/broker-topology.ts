import { retryQueueName, type TaskTopology } from './queue.js';

/** What a broker holds for a task topology. The broker's definitions are made from it, and clients declare it. */
export interface BrokerTopology {
  readonly exchanges: readonly BrokerExchange[];
  /** Durable quorum queues. */
  readonly queues: readonly BrokerQueue[];
  readonly bindings: readonly BrokerBinding[];
}

export interface BrokerExchange {
  readonly name: string;
  readonly type: 'direct' | 'fanout';
}

export interface BrokerQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface BrokerBinding {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}

/** Header of a dead task: why it was given up. */
export const DEAD_REASON_HEADER = 'x-reason';

/**
 * The exchanges, queues and bindings of a topology.
 *
 * - One direct exchange, routed by priority to one quorum queue each. A task that a worker refuses goes to the dead-letter queue.
 * - One exchange and queue for each retry delay, both named by `retryQueueName`. Publish a task there with its priority as routing
 *   key: the key is kept, so that after the delay the message comes back to the queue it came from.
 */
export function brokerTopology(topology: TaskTopology): BrokerTopology {
  const retries = topology.retryDelaysSeconds.map((_, retry) => retryQueueName(topology, retry));
  return {
    exchanges: [
      { name: topology.exchange, type: 'direct' },
      ...retries.map((name) => ({ name, type: 'fanout' as const })),
    ],
    queues: [
      ...topology.queues.map(({ name }) => quorumQueue(name, deadLetterTo('', topology.deadLetterQueue))),
      ...topology.retryDelaysSeconds.map((delaySeconds, retry) =>
        quorumQueue(retryQueueName(topology, retry), {
          'x-message-ttl': delaySeconds * 1000,
          ...deadLetterTo(topology.exchange),
        }),
      ),
      quorumQueue(topology.deadLetterQueue, {}),
    ],
    bindings: [
      ...topology.queues.map(({ name, priority }) => ({
        exchange: topology.exchange,
        queue: name,
        routingKey: priority as string,
      })),
      ...retries.map((name) => ({ exchange: name, queue: name, routingKey: '' })),
    ],
  };
}

/** A dead-lettered message is kept until its target has confirmed it; that needs publishers to be refused, not messages dropped. */
function deadLetterTo(exchange: string, routingKey?: string): Record<string, string> {
  return {
    'x-dead-letter-exchange': exchange,
    ...(routingKey !== undefined && { 'x-dead-letter-routing-key': routingKey }),
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}

/**
 * How often a message may come back to its queue. RabbitMQ has no limit before 4.0 and one of 20 from then on, after which it drops the
 * message or takes it for dead, without a reason and without its owner being told: an outage of the task store, or looking at the dead letters
 * twenty times, would do. A task that takes its workers with it is given up by the workers themselves, long before this.
 */
export const DELIVERY_LIMIT = 1_000_000;

function quorumQueue(name: string, extra: Readonly<Record<string, string | number>>): BrokerQueue {
  return { name, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT, ...extra } };
}
