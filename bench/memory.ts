/**
 * What the gateway's process holds after 100,000 requests and 1,000 streams, against what it holds warm: the heap that its inspector
 * tells once all that can be let go has been. Needs: npm run build, tools/setup.sh redis-server postgres
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../test/system/postgres.js';
import { freePorts } from '../test/system/program.js';
import { startQdrant } from '../test/system/qdrant.js';
import { RedisServer } from '../test/system/redis.js';
import { judge } from './comparison.js';
import { startFakeUpstream } from './fake-upstream.js';
import { startGateway } from './gateway-subjects.js';
import { Inspector } from './inspector.js';
import { send, sendStreams } from './load.js';

const REQUESTS = 100_000;
const STREAMS = 1_000;
const AT_ONCE = 64;
/** Until its caches are as full as they get: every user's token has been seen, and code is compiled. */
const WARM_UP = { requests: 10_000, streams: 128 } as const;
const GROWTH = 1.1;

const folder = mkdtempSync(join(tmpdir(), 'armature-bench-'));
const upstream = await startFakeUpstream();
const [redis, postgres, qdrant, [port = 0]] = await Promise.all([
  RedisServer.start(false),
  startPostgres(folder),
  startQdrant(folder),
  freePorts(1),
]);
const around = { folder, upstream: upstream.url, redis, postgres, qdrant };
const { target, stop } = await startGateway(around, upstream.url, `--inspect=127.0.0.1:${port}`);
const inspector = await Inspector.open(port);
try {
  await load(WARM_UP.requests, WARM_UP.streams);
  const warm = await inspector.heapBytes();
  console.log(`      warm ${(warm / 1e6).toFixed(2)} MB`);
  await load(REQUESTS, STREAMS);
  const after = await inspector.heapBytes();
  console.log(`      after ${REQUESTS} requests and ${STREAMS} streams ${(after / 1e6).toFixed(2)} MB`);
  judge('the heap after the load against the warm one', after / warm, GROWTH, 'times');
} finally {
  inspector.close();
  await stop();
  await upstream.close();
  await Promise.all([redis.stop(), postgres.program.stop('SIGINT'), qdrant.program?.stop()]);
  rmSync(folder, { recursive: true, force: true });
}

async function load(requests: number, streams: number): Promise<void> {
  await send(target, AT_ONCE, requests);
  for (let opened = 0; opened < streams; opened += AT_ONCE) await sendStreams(target, AT_ONCE);
}
