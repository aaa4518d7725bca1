import { Connection } from 'rabbitmq-client';

export interface RabbitMqOptions {
  /** As `amqp://user@host:port/vhost`. */
  readonly url: string;
  /** @default the one in the URL */
  readonly password?: string;
  /** Shown by the broker beside the connection. @default none */
  readonly name?: string;
  /** Hears what goes wrong: a lost connection, which comes back by itself, or a refused declaration. It must not throw. */
  readonly onError: (error: unknown) => void;
}

/** While the broker is away: how soon it is looked for again, and how long an operation waits for it. */
const RECOVERY = { retryLow: 100, retryHigh: 5_000, acquireTimeout: 8_000 } as const;

/**
 * How often each side gives a sign of life. A broker that is silent for twice as long is given up, as when its machine is gone: with the
 * driver's own minute that would take two.
 */
const HEARTBEAT_SECONDS = 10;

/** A connection that comes back by itself after every loss. */
export function connectRabbitMq({ url, password, name, onError }: RabbitMqOptions): Connection {
  const target = new URL(url);
  if (password !== undefined) target.password = encodeURIComponent(password);
  const connection = new Connection({
    url: target.href,
    ...RECOVERY,
    heartbeat: HEARTBEAT_SECONDS,
    // An acknowledgement and the next request are two small packets: held back by Nagle's algorithm they wait for 40 ms.
    noDelay: true,
    ...(name !== undefined && { connectionName: name }),
  });
  connection.on('error', onError);
  return connection;
}
