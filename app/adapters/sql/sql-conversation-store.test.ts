import { ManualTime } from '../../../test/support/manual-time.js';
import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeConversationStore } from '../../conversations/conversation-store.conformance.js';
import { SqlConversationStore } from './sql-conversation-store.js';

for (const { kind, open } of embeddedDatabases()) {
  describeConversationStore(kind, async () => {
    const db = await open();
    const time = new ManualTime();
    return {
      store: new SqlConversationStore(db, time.clock),
      elapse: async (seconds) => time.advance(seconds * 1000),
      close: () => db.destroy(),
    };
  });
}
