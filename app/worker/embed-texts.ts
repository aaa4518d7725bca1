import { EMBEDDING_BATCH_SIZE, embedPayload, ragApi } from '../../contract/index.js';
import type { Caller } from '../runtime/caller.js';
import { abortSignalOf } from '../runtime/client-signal.js';
import type { ServiceClient } from '../runtime/service-client.js';
import type { ReportProgress } from './handle-task.js';

/** Embeds texts into a collection, a batch at a time. Doing it again replaces the same documents. */
export async function embedTexts(
  taskId: string,
  payload: unknown,
  caller: Caller,
  client: ServiceClient,
  report: ReportProgress,
): Promise<{ readonly collection: string; readonly embedded: number }> {
  const { texts, collection } = embedPayload.parse(payload);
  for (let start = 0; start < texts.length; start += EMBEDDING_BATCH_SIZE) {
    abortSignalOf(caller.signal).throwIfAborted();
    const batch = texts.slice(start, start + EMBEDDING_BATCH_SIZE);
    await client.call(
      ragApi.addTexts,
      { body: { source: `batch/${taskId}/${start}`, collection, texts: batch } },
      caller,
    );
    await report({ done: start + batch.length, total: texts.length });
  }
  return { collection, embedded: texts.length };
}
