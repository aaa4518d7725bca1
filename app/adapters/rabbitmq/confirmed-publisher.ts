import { setImmediate } from 'node:timers/promises';
import type { Connection, Envelope, Publisher } from 'rabbitmq-client';

/** Tries once more where the connection was lost: a message may then come twice, which consumers must bear anyway. */
const ATTEMPTS = 2;

/** Publishes so that what resolves is safe: routed to a queue, and confirmed by a majority of its members. */
export class ConfirmedPublisher {
  readonly #publisher: Publisher;
  readonly #returned = new Set<string>();
  #published = 0;

  constructor(connection: Connection) {
    this.#publisher = connection.createPublisher({ confirm: true, maxAttempts: ATTEMPTS });
    this.#publisher.on('basic.return', ({ correlationId }) => this.#returned.add(correlationId ?? ''));
  }

  /** @throws if the broker has not confirmed the message, or had no queue for it */
  async send(envelope: Envelope, body: unknown): Promise<void> {
    this.#published += 1;
    const correlationId = String(this.#published);
    await this.#publisher.send({ ...envelope, correlationId, durable: true, mandatory: true }, body);
    // A returned message is confirmed too. The return came first, and is told in this turn of the event loop.
    await setImmediate();
    if (this.#returned.delete(correlationId)) {
      const { exchange, routingKey } = envelope;
      throw new Error(`No queue is bound to exchange "${exchange}" by "${routingKey}": the message was returned.`);
    }
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }
}
