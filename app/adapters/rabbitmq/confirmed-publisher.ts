import { setImmediate } from 'node:timers/promises';
import type { Connection, Envelope, Publisher } from 'rabbitmq-client';
import { connectRabbitMq, type RabbitMqOptions } from './connect-rabbitmq.js';

/** Tries once more where the connection was lost: a message may then come twice, which consumers must bear anyway. */
const ATTEMPTS = 2;
/** How long the broker may take no messages, and then may leave one unconfirmed. Both together are less than a caller of a service waits. */
const PATIENCE_MS = 8_000;

/** The broker had no queue for a message, and gave it back. */
export class UnroutableError extends Error {
  override readonly name = 'UnroutableError';

  constructor({ exchange = '', routingKey = '' }: Envelope) {
    super(`No queue is bound to exchange "${exchange}" by "${routingKey}": the message was returned.`);
  }
}

/**
 * Publishes so that what resolves is safe: routed to a queue, and confirmed by a majority of its members.
 *
 * Over a connection of its own: a broker that is low on memory or disk reads nothing more from a connection that publishes, and a
 * consumer could acknowledge nothing over it, which is what would help.
 */
export class ConfirmedPublisher {
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  readonly #returned = new Set<string>();
  #published = 0;
  /** Why the broker takes nothing. */
  #blocked: string | undefined;
  #unblocked: Promise<void> = Promise.resolve();
  #unblock: () => void = () => undefined;

  constructor(
    options: RabbitMqOptions,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.#connection = connectRabbitMq({ ...options, ...(options.name && { name: `${options.name}, publishing` }) });
    this.#connection.on('connection.blocked', (reason) => this.#block(reason));
    this.#connection.on('connection.unblocked', () => this.#free());
    this.#connection.on('connection', () => this.#free()); // A new one is blocked by its own first message.
    this.#publisher = this.#connection.createPublisher({ confirm: true, maxAttempts: ATTEMPTS });
    this.#publisher.on('basic.return', ({ correlationId }) => this.#returned.add(correlationId ?? ''));
  }

  /**
   * @throws {UnroutableError} if the broker had no queue for the message
   * @throws if the broker takes nothing, or has not confirmed the message in time: it may have it all the same
   */
  async send(envelope: Envelope, body: unknown): Promise<void> {
    const { patienceMs } = this;
    // What waits here has not been sent, and will not be sent behind the back of whoever was told that it was not.
    if (this.#blocked !== undefined) {
      await within(
        patienceMs,
        this.#unblocked,
        `RabbitMQ has taken no messages for ${patienceMs} ms: ${this.#blocked}.`,
      );
    }
    this.#published += 1;
    const correlationId = String(this.#published);
    const confirmed = this.#publisher.send({ ...envelope, correlationId, durable: true, mandatory: true }, body);
    await within(patienceMs, confirmed, `RabbitMQ has not confirmed the message within ${patienceMs} ms.`);
    // A returned message is confirmed too. The return came first, and is told in this turn of the event loop.
    await setImmediate();
    if (this.#returned.delete(correlationId)) throw new UnroutableError(envelope);
  }

  /** Takes leave of the broker, unless it does not listen. */
  async close(): Promise<void> {
    if (this.#blocked === undefined) {
      const closed = this.#publisher.close().then(() => this.#connection.close());
      await within(this.patienceMs, closed, 'RabbitMQ does not answer.').catch(() => undefined);
    }
    this.#connection.unsafeDestroy();
  }

  #block(reason: string): void {
    this.#blocked = reason;
    this.#unblocked = new Promise((resolve) => {
      this.#unblock = resolve;
    });
  }

  #free(): void {
    this.#blocked = undefined;
    this.#unblock();
  }
}

/** @throws if it has not settled by then, saying so */
async function within<T>(limitMs: number, work: Promise<T>, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), limitMs);
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
