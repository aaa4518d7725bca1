/**
 * What the gateway's process holds after 100,000 requests and 1,000 streams, against what it holds warm: the heap that its inspector
 * tells once all that can be let go has been. Needs: npm run build, tools/setup.sh redis-server postgres
 */
import { freePorts } from '../test/system/program.js';
import { judge } from './comparison.js';
import { startGateway } from './gateway-subjects.js';
import { Inspector } from './inspector.js';
import { send, sendStreams } from './load.js';
import { startSurroundings } from './path-surroundings.js';

const REQUESTS = 100_000;
const STREAMS = 1_000;
const AT_ONCE = 64;
/** Until its caches are as full as they get: every user's token has been seen, and code is compiled. */
const WARM_UP = { requests: 10_000, streams: 128 } as const;
const GROWTH = 1.1;

const [port = 0] = await freePorts(1);
const surroundings = await startSurroundings();
const { around } = surroundings;
const { target, stop } = await startGateway(around, around.upstream, `--inspect=127.0.0.1:${port}`);
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
  await surroundings.stop();
}

async function load(requests: number, streams: number): Promise<void> {
  await send(target, AT_ONCE, requests);
  for (let opened = 0; opened < streams; opened += AT_ONCE) await sendStreams(target, AT_ONCE);
}
