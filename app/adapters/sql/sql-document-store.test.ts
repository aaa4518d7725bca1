import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeDocumentStore } from '../../documents/document-store.conformance.js';
import { SqlDocumentStore } from './sql-document-store.js';

for (const { kind, open } of embeddedDatabases()) {
  describeDocumentStore(kind, async () => {
    const db = await open();
    return { store: new SqlDocumentStore(db), close: () => db.destroy() };
  });
}
