import type { Connection } from 'rabbitmq-client';
import { brokerTopology, type TaskTopology } from '../../../contract/index.js';

/**
 * Makes what the topology needs, where the broker does not hold it already.
 * @throws if the broker holds a queue or exchange of that name with other arguments
 */
export async function declareTopology(connection: Connection, topology: TaskTopology): Promise<void> {
  const { exchanges, queues, bindings } = brokerTopology(topology);
  for (const { name, type } of exchanges) await connection.exchangeDeclare({ exchange: name, type, durable: true });
  for (const { name, arguments: args } of queues) {
    await connection.queueDeclare({ queue: name, durable: true, arguments: args });
  }
  for (const binding of bindings) await connection.queueBind(binding);
}
