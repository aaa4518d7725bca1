import { ManualTime } from '../../../test/support/manual-time.js';
import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeConversationStore } from '../../conversations/conversation-store.conformance.js';
import { describeDocumentStore } from '../../documents/document-store.conformance.js';
import { describeExperimentStore } from '../../experiments/experiment-store.conformance.js';
import { describeLedger } from '../../ledger/ledger.conformance.js';
import { describeTaskStore } from '../../queue/task-store.conformance.js';
import { SqlConversationStore } from './sql-conversation-store.js';
import { SqlDocumentStore } from './sql-document-store.js';
import { SqlExperimentStore } from './sql-experiment-store.js';
import { SqlLedger } from './sql-ledger.js';
import { SqlTaskStore } from './sql-task-store.js';

// Every store on every database, in one file: loading the query builder costs more than the tests.
for (const { kind, open } of embeddedDatabases()) {
  const begin = async () => {
    const db = await open();
    const time = new ManualTime();
    const elapse = async (seconds: number) => time.advance(seconds * 1000);
    return { db, now: time.clock, elapse, close: () => db.destroy() };
  };

  describeConversationStore(kind, async () => {
    const { db, now, ...fixture } = await begin();
    return { ...fixture, store: new SqlConversationStore(db, now) };
  });

  describeDocumentStore(kind, async () => {
    const { db, close } = await begin();
    return { store: new SqlDocumentStore(db), close };
  });

  describeTaskStore(kind, async () => {
    const { db, ...fixture } = await begin();
    return { ...fixture, store: new SqlTaskStore(db, fixture.now) };
  });

  describeLedger(kind, async () => {
    const { db, close } = await begin();
    return { ledger: new SqlLedger(db), close };
  });

  describeExperimentStore(kind, async () => {
    const { db, close } = await begin();
    return { store: new SqlExperimentStore(db), close };
  });
}
