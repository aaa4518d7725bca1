import { describe, expect, test } from '@jest/globals';
import { DELIVERY_LIMIT } from '../../contract/vocabulary/index.js';
import { jobs } from '../../test/support/own-contract.js';
import { rabbitMqDefinitions } from './rabbitmq-definitions.js';

const { exchanges, queues, bindings } = rabbitMqDefinitions([jobs]);

/** Where the broker puts a message: the queues that a published or dead-lettered message reaches. */
function deliver(exchange: string, routingKey: string): string[] {
  if (exchange === '') return [routingKey];
  const fanout = exchanges.find(({ name }) => name === exchange)?.type === 'fanout';
  return bindings
    .filter(({ source, routing_key }) => source === exchange && (fanout || routing_key === routingKey))
    .map(({ destination }) => destination);
}

function argumentsOf(queue: string) {
  return queues.find(({ name }) => name === queue)?.arguments ?? {};
}

describe('the broker’s topology', () => {
  test('is made of quorum queues that survive a restart', () => {
    expect(queues.map(({ name }) => name)).toEqual([
      'jobs.urgent',
      'jobs.later',
      'jobs.retry.5s',
      'jobs.retry.50s',
      'jobs.dead',
    ]);
    for (const queue of queues) expect(queue).toMatchObject({ durable: true, arguments: { 'x-queue-type': 'quorum' } });
  });

  test('says how often a message may come back, for RabbitMQ 4 would take 20 times and 3 any number', () => {
    for (const queue of queues) expect(queue.arguments).toMatchObject({ 'x-delivery-limit': DELIVERY_LIMIT });
    // Far above what an hour's outage of the stores makes of it, with a pause of a second each time.
    expect(DELIVERY_LIMIT).toBeGreaterThan(100 * 3600);
  });

  test('brings a task to the queue of its priority', () => {
    expect(deliver('jobs', 'urgent')).toEqual(['jobs.urgent']);
    expect(deliver('jobs', 'later')).toEqual(['jobs.later']);
  });

  test.each(['urgent', 'later'])(
    'brings a task that waited for a retry back to the queue it came from: %s',
    (priority) => {
      for (const [retry, ttlMs] of [
        ['jobs.retry.5s', 5000],
        ['jobs.retry.50s', 50_000],
      ] as const) {
        expect(deliver(retry, priority)).toEqual([retry]);
        const waiting = argumentsOf(retry);
        expect(waiting['x-message-ttl']).toBe(ttlMs);
        // Without a routing key of its own the broker keeps the message's.
        expect(waiting).not.toHaveProperty('x-dead-letter-routing-key');
        expect(deliver(String(waiting['x-dead-letter-exchange']), priority)).toEqual([`jobs.${priority}`]);
      }
    },
  );

  test('keeps a task that a worker refuses in the dead-letter queue, from which nothing leaves by itself', () => {
    for (const queue of ['jobs.urgent', 'jobs.later']) {
      const refused = argumentsOf(queue);
      expect(deliver(String(refused['x-dead-letter-exchange']), String(refused['x-dead-letter-routing-key']))).toEqual([
        'jobs.dead',
      ]);
    }
    expect(argumentsOf('jobs.dead')).toEqual({ 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT });
  });

  test('drops no message on its way from one queue to the next', () => {
    const passing = queues.filter((queue) => 'x-dead-letter-exchange' in queue.arguments);
    expect(passing).toHaveLength(4);
    for (const queue of passing) {
      expect(queue.arguments).toMatchObject({
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      });
    }
  });
});
