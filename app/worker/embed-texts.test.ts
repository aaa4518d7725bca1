import { afterEach, describe, expect, it } from '@jest/globals';
import { EMBEDDING_BATCH_SIZE, rag, ragApi } from '../../contract/index.js';
import type { TaskProgress } from '../queue/task.js';
import { errors } from '../runtime/errors.js';
import { serveOperation } from '../runtime/serve-operation.js';
import { buildServer } from '../runtime/server.js';
import { ada, testOptions } from '../runtime/service.fixture.js';
import { ServiceClient } from '../runtime/service-client.js';
import { embedTexts } from './embed-texts.js';

describe('embedding many texts', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function start(failAt = Number.POSITIVE_INFINITY) {
    const app = buildServer(testOptions(rag));
    open.push(app);
    const batches: { source: string; texts: string[] }[] = [];
    serveOperation(app, ragApi.addTexts, async ({ body: { source, texts, collection } }) => {
      if (batches.length === failAt) throw errors.unavailable('The index', 1);
      batches.push({ source, texts });
      return { document_id: source, source, collection, metadata: {}, created_at: '', passages: texts.length };
    });
    const client = new ServiceClient({ rag: await app.listen({ host: '127.0.0.1', port: 0 }) });
    const told: TaskProgress[] = [];
    const embed = (texts: readonly string[], signal = new AbortController().signal) => {
      const caller = { identity: ada, requestId: 't1', traceparent: '', signal };
      return embedTexts('t1', { texts }, caller, client, async (progress) => void told.push(progress));
    };
    return { batches, told, embed };
  }
  const texts = Array.from({ length: 2 * EMBEDDING_BATCH_SIZE + 5 }, (_, i) => `text ${i}`);

  it('goes batch by batch, and tells how far it has come after each', async () => {
    const { batches, told, embed } = await start();
    expect(await embed(texts)).toEqual({ collection: 'default', embedded: 205 });
    expect(batches.map((batch) => batch.texts.length)).toEqual([100, 100, 5]);
    expect(batches.flatMap((batch) => batch.texts)).toEqual(texts);
    expect(told).toEqual([100, 200, 205].map((done) => ({ done, total: 205 })));
  });

  it('tells nothing of a batch that failed, and names the same documents when it is tried again', async () => {
    const first = await start(1);
    await expect(first.embed(texts)).rejects.toThrow('The index is not available');
    expect(first.told).toEqual([{ done: 100, total: 205 }]);
    const again = await start();
    await again.embed(texts);
    expect(again.batches[0]?.source).toBe(first.batches[0]?.source);
    expect(new Set(again.batches.map(({ source }) => source)).size).toBe(3);
  });

  it('sends no more once it is cancelled', async () => {
    const { batches, embed } = await start();
    await expect(embed(texts, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(batches).toEqual([]);
  });
});
