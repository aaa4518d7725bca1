import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../test/system/postgres.js';
import { startQdrant } from '../test/system/qdrant.js';
import { RedisServer } from '../test/system/redis.js';
import { startFakeUpstream } from './fake-upstream.js';

/** What the subjects of the gateway's benches stand among: a fake provider and the stores. */
export async function startSurroundings() {
  // Each program listens for the end of this one.
  process.setMaxListeners(20);
  const folder = mkdtempSync(join(tmpdir(), 'armature-bench-'));
  const upstream = await startFakeUpstream();
  const [redis, postgres, qdrant] = await Promise.all([
    RedisServer.start(false),
    startPostgres(folder),
    startQdrant(folder),
  ]);
  const stop = async () => {
    await upstream.close();
    await Promise.all([redis.stop(), postgres.program.stop('SIGINT'), qdrant.program?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { around: { folder, upstream: upstream.url, redis, postgres, qdrant }, stop };
}
