import { AMQPChannelError, type Connection } from 'rabbitmq-client';
import { type BrokerTopology, brokerTopology, type TaskTopology } from '../../../contract/index.js';

/**
 * Declares what the topology needs, unless the broker holds it: in a cluster it does from its start, and lets no client change it.
 * @throws if something is missing and may not be declared, or is there with other arguments
 */
export async function ensureTopology(connection: Connection, topology: TaskTopology): Promise<void> {
  const needed = brokerTopology(topology);
  if (!(await holds(connection, needed))) await declare(connection, needed);
}

async function holds(connection: Connection, { exchanges, queues }: BrokerTopology): Promise<boolean> {
  try {
    for (const { name } of exchanges) await connection.exchangeDeclare({ exchange: name, passive: true });
    for (const { name } of queues) await connection.queueDeclare({ queue: name, passive: true });
    return true;
  } catch (error) {
    if (error instanceof AMQPChannelError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

async function declare(connection: Connection, { exchanges, queues, bindings }: BrokerTopology): Promise<void> {
  for (const { name, type } of exchanges) await connection.exchangeDeclare({ exchange: name, type, durable: true });
  for (const { name, arguments: args } of queues) {
    await connection.queueDeclare({ queue: name, durable: true, arguments: args });
  }
  for (const binding of bindings) await connection.queueBind(binding);
}
