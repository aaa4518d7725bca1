import { orchestrator } from '../../../contract/index.js';
import { connectQdrant } from '../../adapters/qdrant/connect-qdrant.js';
import { QdrantAnswerIndex } from '../../adapters/qdrant/qdrant-answer-index.js';
import { connectCacheStore } from '../../adapters/redis/connect-cache-store.js';
import { connectPostgres } from '../../adapters/sql/connect-postgres.js';
import { SqlExperimentStore } from '../../adapters/sql/sql-experiment-store.js';
import { SqlLedger } from '../../adapters/sql/sql-ledger.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { wireOrchestrator } from './wire-orchestrator.js';

/** `armature serve orchestrator` */
export const main: ProcessMain = (run) =>
  runProcess(orchestrator, run, async (context) => {
    const { settings, options, clock } = context;
    const [cacheStore, db, qdrant] = await Promise.all([
      connectCacheStore(context),
      connectPostgres(context),
      connectQdrant(context),
    ]);
    const { app, models } = await wireOrchestrator(
      {
        ledger: new SqlLedger(db),
        experiments: new SqlExperimentStore(db),
        cacheStore,
        answerIndex: new QdrantAnswerIndex(qdrant, clock),
        providers: settings,
        clock,
      },
      options,
    );
    options.logger.info({ models }, 'models that can be used');
    return app;
  });
