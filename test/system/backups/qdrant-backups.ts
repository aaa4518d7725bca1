import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at } from '../../support/cluster.js';
import { freePorts } from '../program.js';
import { startStandIn } from '../qdrant.js';
import { PASSWORD, type SavedStores, well } from './saved-stores.js';

/** Qdrant: snapshots of every collection of every node. */
export function describeQdrantBackups(stores: () => SavedStores): void {
  describe('Qdrant', () => {
    const NAME = 'passages-256';
    /** Of a cluster each holds its own part. */
    const nodes: Awaited<ReturnType<typeof startStandIn>>[] = [];
    const env = () => ({ NODES: nodes.map(({ url }) => url).join(' ') });
    const ask = async (node: number, method: string, path: string, body?: object): Promise<unknown> => {
      const answer = await fetch(`${nodes[node]?.url}/collections/${path}`, {
        method,
        headers: { 'api-key': PASSWORD, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return at(await answer.json(), 'result');
    };
    const points = (node: number, name = NAME) =>
      ask(node, 'POST', `${name}/points/scroll`, { limit: 1000, with_vector: true });
    const fill = async (node: number, name: string) => {
      await ask(node, 'PUT', name, { vectors: { size: 3, distance: 'Cosine' } });
      await ask(node, 'PUT', `${name}/index`, { field_name: 'tenant', field_schema: 'keyword' });
      const payload = (id: number) => ({ text: `Wörter "\\ ${id}`, tenant: `t${id % 3}` });
      const made = Array.from({ length: 300 }, (_, i) => ({ id: i, vector: [1, i, node], payload: payload(i) }));
      await ask(node, 'PUT', `${name}/points`, { points: made });
    };

    beforeAll(async () => {
      stores().setSecret('qdrant/api-key', PASSWORD);
      for (const node of [0, 1]) {
        nodes.push(await startStandIn(join(stores().folder, `qdrant-${node}`), PASSWORD));
        await fill(node, NAME);
      }
    });
    afterAll(async () => {
      for (const { program } of nodes) await program.stop();
    });

    test('is saved and comes back, each node its own: a collection that was lost, one that was changed, and no other', async () => {
      const before = await Promise.all([points(0), points(1)]);
      expect(at(before[0], 'points')).toHaveLength(300);
      expect(stores().run('qdrant-backup', env())).toEqual(well('upload'));
      // What a node has saved for the backup does not stay on it.
      expect(await ask(0, 'GET', `${NAME}/snapshots`)).toEqual([]);
      await ask(0, 'DELETE', NAME);
      await ask(1, 'POST', `${NAME}/points/delete`, {
        filter: { must: [{ key: 'tenant', match: { value: 't1' } }] },
      });
      await fill(1, 'made-since');
      expect(at(await points(1), 'points')).toHaveLength(200);
      expect(stores().run('qdrant-restore', env())).toEqual(well('restore'));
      expect(await Promise.all([points(0), points(1)])).toEqual(before);
      expect(at(await points(1, 'made-since'), 'points')).toHaveLength(300);
      const nearest = { query: [1, 2, 0], limit: 1, filter: { must: [{ key: 'tenant', match: { value: 't2' } }] } };
      expect(at(await ask(0, 'POST', `${NAME}/points/query`, nearest), 'points.0.id')).toBe('2');
    });

    test('says so when a node does not answer, or does not know who asks, and then saves nothing', async () => {
      const saved = stores().filesIn('backups/qdrant');
      const [away = 0] = await freePorts(1);
      expect(stores().run('qdrant-backup', { NODES: `${nodes[0]?.url} http://127.0.0.1:${away}` })).toMatchObject({
        status: 7,
        container: 'dump',
      });
      stores().setSecret('qdrant/api-key', 'changed');
      expect(stores().run('qdrant-backup', env())).toMatchObject({ status: 22, container: 'dump' });
      stores().setSecret('qdrant/api-key', PASSWORD);
      expect(stores().filesIn('backups/qdrant')).toEqual(saved);
    });
  });
}
