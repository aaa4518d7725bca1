import { ManualTime } from '../../../test/support/manual-time.js';
import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeApiKeyStore } from '../../api-keys/api-key-store.conformance.js';
import { describeConversationStore } from '../../conversations/conversation-store.conformance.js';
import { describeDocumentStore } from '../../documents/document-store.conformance.js';
import { describeExperimentStore } from '../../experiments/experiment-store.conformance.js';
import { describeLedger } from '../../ledger/ledger.conformance.js';
import { describeTaskJournal } from '../../queue/task-journal.conformance.js';
import { journalOf } from '../../queue/task-journal.js';
import { describeTaskStore } from '../../queue/task-store.conformance.js';
import { MemoryTaskEvents } from '../memory/memory-task-events.js';
import { SqlApiKeyStore } from './sql-api-key-store.js';
import { SqlConversationStore } from './sql-conversation-store.js';
import { SqlDocumentStore } from './sql-document-store.js';
import { SqlExperimentStore } from './sql-experiment-store.js';
import { SqlLedger } from './sql-ledger.js';
import { SqlTaskStore } from './sql-task-store.js';

// Every store on every database, in one file: loading the query builder costs more than the tests.
for (const { kind, empty } of embeddedDatabases()) {
  const withTime = async () => {
    const time = new ManualTime();
    return { db: await empty(), now: time.clock, elapse: async (seconds: number) => time.advance(seconds * 1000) };
  };

  describeConversationStore(kind, async () => {
    const { db, now, elapse } = await withTime();
    return { store: new SqlConversationStore(db, now), elapse };
  });

  describeDocumentStore(kind, async () => ({ store: new SqlDocumentStore(await empty()) }));

  describeTaskStore(kind, async () => {
    const { db, now, elapse } = await withTime();
    return { store: new SqlTaskStore(db, now), now, elapse };
  });

  describeTaskJournal(kind, async () => {
    const { db, now } = await withTime();
    const store = new SqlTaskStore(db, now);
    const events = new MemoryTaskEvents();
    return { journal: journalOf(store, events), store, events };
  });

  describeLedger(kind, async () => ({ ledger: new SqlLedger(await empty()) }));

  describeApiKeyStore(kind, async () => ({ store: new SqlApiKeyStore(await empty()) }));

  describeExperimentStore(kind, async () => ({ store: new SqlExperimentStore(await empty()) }));
}
