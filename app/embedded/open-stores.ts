import { join } from 'node:path';
import { FileOriginalStore } from '../adapters/files/file-original-store.js';
import { MemoryAnswerIndex } from '../adapters/memory/memory-answer-index.js';
import { MemoryCacheStore } from '../adapters/memory/memory-cache-store.js';
import { MemoryOriginalStore } from '../adapters/memory/memory-original-store.js';
import { MemoryRateLimiter } from '../adapters/memory/memory-rate-limiter.js';
import { MemoryReleaseCluster } from '../adapters/memory/memory-release-cluster.js';
import { MemorySubmissions } from '../adapters/memory/memory-submissions.js';
import { MemoryTaskEvents } from '../adapters/memory/memory-task-events.js';
import { MemoryTaskQueue } from '../adapters/memory/memory-task-queue.js';
import { IN_MEMORY, openDatabase } from '../adapters/sql/database.js';
import { SqlApiKeyStore } from '../adapters/sql/sql-api-key-store.js';
import { SqlConversationStore } from '../adapters/sql/sql-conversation-store.js';
import { SqlDocumentStore } from '../adapters/sql/sql-document-store.js';
import { SqlExperimentStore } from '../adapters/sql/sql-experiment-store.js';
import { SqlLedger } from '../adapters/sql/sql-ledger.js';
import { SqlTaskStore } from '../adapters/sql/sql-task-store.js';
import { chatReleases } from '../canary/chat-releases.js';
import { journalOf } from '../queue/task-journal.js';
import type { Clock } from '../runtime/clock.js';
import { systemTimers } from '../runtime/timers.js';
import { DATABASE_FILE, makeDataFolder } from './data-folder.js';
import { sampleExperiment } from './sample-experiment.js';

export type EmbeddedStores = Awaited<ReturnType<typeof openStores>>;

/**
 * Opens the embedded adapters of every port. What must survive a restart is in one SQLite file, and uploaded files are beside it; caches, limits and queues are
 * in memory, and the tasks that the queue held are published again from their records.
 *
 * @param dataDir folder of both; without one everything is in memory
 */
export async function openStores(clock: Clock, dataDir: string | undefined) {
  if (dataDir !== undefined) await makeDataFolder(dataDir);
  const db = await openDatabase({ path: dataDir === undefined ? IN_MEMORY : join(dataDir, DATABASE_FILE) });
  const tasks = new SqlTaskStore(db, clock);
  const events = new MemoryTaskEvents();
  const queue = new MemoryTaskQueue({ timers: systemTimers });
  for (const { task } of await tasks.unfinished()) await queue.publish(task);
  const experiments = new SqlExperimentStore(db);
  if ((await experiments.list()).length === 0) await experiments.put(sampleExperiment, 'armature', Date.now());
  return {
    tasks,
    submissions: new MemorySubmissions(),
    queue,
    events,
    journal: journalOf(tasks, events),
    conversations: new SqlConversationStore(db, clock),
    documents: new SqlDocumentStore(db),
    originals: dataDir === undefined ? new MemoryOriginalStore() : new FileOriginalStore(join(dataDir, 'originals')),
    ledger: new SqlLedger(db),
    apiKeys: new SqlApiKeyStore(db),
    experiments,
    limiter: new MemoryRateLimiter(clock),
    cacheStore: new MemoryCacheStore(clock),
    answerIndex: new MemoryAnswerIndex(clock),
    releases: new MemoryReleaseCluster(chatReleases),
    close: async () => {
      await queue.close();
      await db.destroy();
    },
  };
}
