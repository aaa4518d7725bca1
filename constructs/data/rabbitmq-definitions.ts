import { type BrokerExchange, brokerTopology, type TaskTopology } from '../../contract/vocabulary/index.js';

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
  readonly type: BrokerExchange['type'];
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

/** The broker topology of the given tasks, which clients declare too, as definitions that a broker loads at start. */
export function rabbitMqDefinitions(topologies: readonly TaskTopology[]): RabbitMqDefinitions {
  const parts = topologies.map(brokerTopology);
  return {
    vhosts: [{ name: VHOST }],
    exchanges: parts.flatMap(({ exchanges }) =>
      exchanges.map(({ name, type }) => ({
        name,
        vhost: VHOST,
        type,
        durable: true as const,
        auto_delete: false as const,
        internal: false as const,
        arguments: {},
      })),
    ),
    queues: parts.flatMap(({ queues }) =>
      queues.map(({ name, arguments: args }) => ({
        name,
        vhost: VHOST,
        durable: true as const,
        auto_delete: false as const,
        arguments: args,
      })),
    ),
    bindings: parts.flatMap(({ bindings }) =>
      bindings.map(({ exchange, queue, routingKey }) => ({
        source: exchange,
        vhost: VHOST,
        destination: queue,
        destination_type: 'queue' as const,
        routing_key: routingKey,
        arguments: {},
      })),
    ),
  };
}
