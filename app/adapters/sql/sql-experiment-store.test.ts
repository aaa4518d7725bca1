import { embeddedDatabases } from '../../../test/support/sql-databases.js';
import { describeExperimentStore } from '../../experiments/experiment-store.conformance.js';
import { SqlExperimentStore } from './sql-experiment-store.js';

for (const { kind, open } of embeddedDatabases()) {
  describeExperimentStore(kind, async () => {
    const db = await open();
    return { store: new SqlExperimentStore(db), close: () => db.destroy() };
  });
}
