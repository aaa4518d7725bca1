import { rag } from '../../../contract/index.js';
import { connectQdrant } from '../../adapters/qdrant/connect-qdrant.js';
import { QdrantDocumentStore } from '../../adapters/qdrant/qdrant-document-store.js';
import { connectCacheStore } from '../../adapters/redis/connect-cache-store.js';
import { connectS3 } from '../../adapters/s3/connect-s3.js';
import { connectPostgres } from '../../adapters/sql/connect-postgres.js';
import { type ProcessMain, runProcess } from '../../runtime/run-process.js';
import { ServiceClient } from '../../runtime/service-client.js';
import { wireRag } from './wire-rag.js';

/** `armature serve rag` */
export const main: ProcessMain = (run) =>
  runProcess(rag, run, async (context) => {
    const { settings, options, clock } = context;
    const [cacheStore, db, qdrant, originals] = await Promise.all([
      connectCacheStore(context),
      connectPostgres(context),
      connectQdrant(context),
      connectS3(context),
    ]);
    const documents = new QdrantDocumentStore(db, qdrant);
    const client = new ServiceClient({ orchestrator: settings.orchestratorUrl });
    return wireRag({ documents, originals, cacheStore, client, clock }, options);
  });
