import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeLedger } from '../../ledger/ledger.conformance.js';
import { SqlLedger } from './sql-ledger.js';

for (const { kind, open } of embeddedDatabases()) {
  describeLedger(kind, async () => {
    const db = await open();
    return { ledger: new SqlLedger(db), close: () => db.destroy() };
  });
}
