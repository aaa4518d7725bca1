import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RabbitMqServer } from '../rabbitmq.js';
import { type SavedStores, well } from './saved-stores.js';

interface Definitions {
  readonly queues: unknown;
  readonly exchanges: unknown;
  readonly bindings: unknown;
  readonly policies: unknown;
  readonly users: unknown;
}

/** RabbitMQ: its definitions. Messages are not saved. */
export function describeRabbitMqBackups(stores: () => SavedStores): void {
  describe('RabbitMQ', () => {
    let broker: RabbitMqServer;
    /** A node that does not answer is passed over. */
    const nodes = () => ({
      NODES: `away@127.0.0.1 ${broker.node}`,
      ERL_EPMD_PORT: String(broker.ports.epmd),
      RABBITMQ_DIST_PORT: String(broker.ports.distribution),
    });
    const definitions = async () => {
      const { queues, exchanges, bindings, policies, users } = (await broker.manage(
        'GET',
        'definitions',
      )) as Definitions;
      return { queues, exchanges, bindings, policies, users };
    };

    beforeAll(async () => {
      broker = await RabbitMqServer.start();
      stores().setSecret('rabbitmq/erlang-cookie', broker.cookie);
      await broker.manage('PUT', 'users/guest-worker', { password: 'secret', tags: '' });
      await broker.manage('PUT', 'exchanges/%2F/made%20by%20hand', { type: 'topic', durable: true });
      await broker.manage('PUT', 'queues/%2F/letters', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await broker.manage('POST', 'bindings/%2F/e/made%20by%20hand/q/letters', { routing_key: 'a.#', arguments: {} });
      await broker.manage('PUT', 'policies/%2F/short', { pattern: '^letters$', definition: { 'max-length': 7 } });
    });
    afterAll(() => broker?.stop());

    test('is saved and comes back after it was lost: queues, exchanges, bindings, policies and users', async () => {
      const before = await definitions();
      expect(stores().run('rabbitmq-backup', nodes())).toEqual(well('upload'));
      await broker.manage('DELETE', 'queues/%2F/letters');
      await broker.manage('DELETE', 'exchanges/%2F/made%20by%20hand');
      await broker.manage('DELETE', 'policies/%2F/short');
      await broker.manage('DELETE', 'users/guest-worker');
      expect(await definitions()).not.toEqual(before);
      expect(stores().run('rabbitmq-restore', nodes())).toEqual(well('restore'));
      expect(await definitions()).toEqual(before);
    });

    test('says so when none of its nodes answers', () => {
      expect(stores().run('rabbitmq-backup', { ...nodes(), NODES: 'away@127.0.0.1' })).toMatchObject({
        status: 1,
        container: 'dump',
        output: expect.stringContaining('None of the nodes answered: away@127.0.0.1') as unknown,
      });
    });
  });
}
