import { AMQPChannelError, type Channel, type Connection } from 'rabbitmq-client';
import { type BrokerTopology, brokerTopology, type TaskTopology } from '../../../contract/index.js';

/**
 * Declares what the topology needs, unless the broker holds it: in a cluster it does from its start, and lets no client declare anything.
 * Bindings cannot be looked at, so they are made in any case: whoever declared the queue may have been cut off before it bound it.
 * @throws if something is missing and may not be declared, or is there with other arguments
 */
export async function ensureTopology(connection: Connection, topology: TaskTopology): Promise<void> {
  const needed = brokerTopology(topology);
  if (!(await onOwnChannel(connection, (channel) => holds(channel, needed)))) {
    await onOwnChannel(connection, (channel) => declare(channel, needed));
  }
  await onOwnChannel(connection, (channel) => bind(channel, needed));
}

/** A broker that refuses a request closes its channel, and fails what others asked for on it. */
async function onOwnChannel<T>(connection: Connection, ask: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.acquire();
  try {
    return await ask(channel);
  } finally {
    await channel.close();
  }
}

async function holds(channel: Channel, { exchanges, queues }: BrokerTopology): Promise<boolean> {
  try {
    for (const { name } of exchanges) await channel.exchangeDeclare({ exchange: name, passive: true });
    for (const { name } of queues) await channel.queueDeclare({ queue: name, passive: true });
    return true;
  } catch (error) {
    if (error instanceof AMQPChannelError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

async function declare(channel: Channel, { exchanges, queues }: BrokerTopology): Promise<void> {
  for (const { name, type } of exchanges) await channel.exchangeDeclare({ exchange: name, type, durable: true });
  for (const { name, arguments: args } of queues) {
    await channel.queueDeclare({ queue: name, durable: true, arguments: args });
  }
}

/** Who may publish and consume may bind too, unless by a broker's own rules: there they are somebody else's to look after. */
async function bind(channel: Channel, { bindings }: BrokerTopology): Promise<void> {
  try {
    for (const binding of bindings) await channel.queueBind(binding);
  } catch (error) {
    if (!(error instanceof AMQPChannelError && error.code === 'ACCESS_REFUSED')) throw error;
  }
}
