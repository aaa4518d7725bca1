import { describe, expect, test } from '@jest/globals';
import type { Construct } from 'constructs';
import { RabbitMq, secretKey } from '../constructs/index.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { Production, production } from './environments/index.js';
import { manifestsOf } from './manifests.js';

/** Production, with a broker that nobody scrapes. */
class Elsewhere extends Production {
  constructor(scope: Construct) {
    const rabbitmq = RabbitMq.managed({
      url: 'amqps://armature@broker.example.com:5671',
      cidrs: ['10.9.0.0/16'],
      password: secretKey('rabbitmq', 'password'),
    });
    super(scope, { ...production, rabbitmq });
  }
}

const objects = manifestsOf(Elsewhere).objects as readonly Manifest[];
const text = JSON.stringify(objects);

describe('an environment whose broker is managed elsewhere', () => {
  test('scales its workers by the length of the queues, as the workers tell it', () => {
    const metrics = at(find(objects, 'HorizontalPodAutoscaler', 'worker'), 'spec.metrics') as { external?: unknown }[];
    expect(metrics.flatMap(({ external }) => external ?? [])).toMatchObject([
      { metric: { name: 'task_backlog_messages' }, target: { type: 'AverageValue', averageValue: '10' } },
    ]);
    expect(text).toContain('sum by (namespace) (max by (namespace, queue) (task_queue_messages_ready{');
    expect(text).not.toContain('rabbitmq_detailed_queue_messages_ready');
  });

  test('still tells of dead letters, and shows its queues', () => {
    expect(text).toContain('alert: DeadLetters');
    expect(text).toContain('max (task_queue_messages_ready{');
  });
});
