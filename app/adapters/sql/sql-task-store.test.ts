import { ManualTime } from '../../../test/support/manual-time.js';
import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeTaskStore } from '../../queue/task-store.conformance.js';
import { SqlTaskStore } from './sql-task-store.js';

for (const { kind, open } of embeddedDatabases()) {
  describeTaskStore(kind, async () => {
    const db = await open();
    const time = new ManualTime();
    return {
      store: new SqlTaskStore(db, time.clock),
      now: time.clock,
      elapse: async (seconds) => time.advance(seconds * 1000),
      close: () => db.destroy(),
    };
  });
}
