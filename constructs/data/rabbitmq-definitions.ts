import { retryQueueName, type TaskTopology } from '../../contract/vocabulary/index.js';

/** RabbitMQ's definitions, as its management API writes them; only what the kit declares. */
export interface RabbitMqDefinitions {
  readonly vhosts: readonly { readonly name: string }[];
  readonly exchanges: readonly RabbitMqExchange[];
  readonly queues: readonly RabbitMqQueue[];
  readonly bindings: readonly RabbitMqBinding[];
}

export interface RabbitMqExchange {
  readonly name: string;
  readonly vhost: string;
  readonly type: 'direct' | 'fanout';
  readonly durable: true;
  readonly auto_delete: false;
  readonly internal: false;
  readonly arguments: Readonly<Record<string, never>>;
}

export interface RabbitMqQueue {
  readonly name: string;
  readonly vhost: string;
  readonly durable: true;
  readonly auto_delete: false;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface RabbitMqBinding {
  readonly source: string;
  readonly vhost: string;
  readonly destination: string;
  readonly destination_type: 'queue';
  readonly routing_key: string;
  readonly arguments: Readonly<Record<string, never>>;
}

export const VHOST = '/';

/**
 * What the broker must hold for the given topologies.
 *
 * - One direct exchange, routed by priority to one quorum queue each. A task that a worker refuses goes to the dead-letter queue.
 * - One exchange and queue for each retry delay, both named by `retryQueueName`. Publish a task there with its priority as routing
 *   key: the key is kept, so that after the delay the message comes back to the queue it came from.
 */
export function rabbitMqDefinitions(topologies: readonly TaskTopology[]): RabbitMqDefinitions {
  return {
    vhosts: [{ name: VHOST }],
    exchanges: topologies.flatMap((topology) => [
      exchange(topology.exchange, 'direct'),
      ...retryNames(topology).map((name) => exchange(name, 'fanout')),
    ]),
    queues: topologies.flatMap(queuesOf),
    bindings: topologies.flatMap((topology) => [
      ...topology.queues.map(({ name, priority }) => binding(topology.exchange, name, priority)),
      ...retryNames(topology).map((name) => binding(name, name, '')),
    ]),
  };
}

function queuesOf(topology: TaskTopology): RabbitMqQueue[] {
  return [
    ...topology.queues.map(({ name }) => quorumQueue(name, deadLetterTo('', topology.deadLetterQueue))),
    ...topology.retryDelaysSeconds.map((delaySeconds, retry) =>
      quorumQueue(retryQueueName(topology, retry), {
        'x-message-ttl': delaySeconds * 1000,
        ...deadLetterTo(topology.exchange),
      }),
    ),
    quorumQueue(topology.deadLetterQueue, {}),
  ];
}

/** A dead-lettered message is kept until its target has confirmed it; that needs publishers to be refused, not messages dropped. */
function deadLetterTo(exchangeName: string, routingKey?: string): Record<string, string> {
  return {
    'x-dead-letter-exchange': exchangeName,
    ...(routingKey !== undefined && { 'x-dead-letter-routing-key': routingKey }),
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}

function retryNames(topology: TaskTopology): string[] {
  return topology.retryDelaysSeconds.map((_, retry) => retryQueueName(topology, retry));
}

function exchange(name: string, type: RabbitMqExchange['type']): RabbitMqExchange {
  return { name, vhost: VHOST, type, durable: true, auto_delete: false, internal: false, arguments: {} };
}

function quorumQueue(name: string, extra: Readonly<Record<string, string | number>>): RabbitMqQueue {
  return { name, vhost: VHOST, durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum', ...extra } };
}

function binding(source: string, destination: string, routingKey: string): RabbitMqBinding {
  return { source, vhost: VHOST, destination, destination_type: 'queue', routing_key: routingKey, arguments: {} };
}
