/**
 * What the gateway answers by itself, out of its cache, against a bare Fastify that answers the same: processor time of a request. Tokens are
 * verified, metrics on, as production starts it. Needs: npm run build, tools/setup.sh redis-server
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, Program } from '../test/system/program.js';
import { RedisServer } from '../test/system/redis.js';
import { alternate, judge, mean } from './comparison.js';
import { startFakeUpstream } from './fake-upstream.js';
import { type Subject, startGateway } from './gateway-subjects.js';
import { send } from './load.js';
import { processorMsOf } from './processor-time.js';

const ROUNDS = 9;
const CONNECTIONS = 16;
const REQUESTS = 5_000;
const WARM_UP_REQUESTS = 20_000;
const PATH = '/v1/models';
const BOUND = 1.6;

const folder = mkdtempSync(join(tmpdir(), 'armature-bench-'));
const [upstream, redis] = await Promise.all([startFakeUpstream(), RedisServer.start(false)]);
// Not essential to the gateway, and nothing here needs it.
const away = { url: 'postgres://127.0.0.1:1/away', password: 'unused' };
const qdrant = { url: 'http://127.0.0.1:1', apiKey: 'unused' };
const ours = await startGateway({ folder, upstream: upstream.url, redis, postgres: away, qdrant }, upstream.url);
const { target } = ours;
const first = await fetch(target.origin + PATH, { headers: target.headers(0) });
const body = await first.text();
const subjects = { gateway: ours, 'bare Fastify': await startBareFastify() };
try {
  console.log(`      ${first.status}, ${body.length} bytes; load ${loadavg()[0]?.toFixed(1)}`);
  for (const subject of Object.values(subjects)) await micros(subject, WARM_UP_REQUESTS);
  const runs = await alternate(ROUNDS, {
    gateway: () => micros(subjects.gateway, REQUESTS),
    'bare Fastify': () => micros(subjects['bare Fastify'], REQUESTS),
  });
  for (const [name, values] of Object.entries(runs))
    console.log(`      ${name.padEnd(13)} ${mean(values).toFixed(0)} µs`);
  judge(
    'an answer out of the gateway, against bare Fastify',
    mean(runs.gateway) / mean(runs['bare Fastify']),
    BOUND,
    'times',
  );
} finally {
  await Promise.all(Object.values(subjects).map(({ stop }) => stop()));
  await Promise.all([upstream.close(), redis.stop()]);
  rmSync(folder, { recursive: true, force: true });
}

/** Processor time of a request. */
async function micros({ target: { origin, headers }, pid }: Subject, requests: number): Promise<number> {
  const before = processorMsOf(pid);
  await send({ origin, path: PATH, headers, answer: body }, CONNECTIONS, requests);
  return (1000 * (processorMsOf(pid) - before)) / requests;
}

async function startBareFastify(): Promise<Subject> {
  const [port = 0] = await freePorts(1);
  const script = fileURLToPath(new URL('peers/bare-fastify.js', import.meta.url));
  const program = new Program(
    'bare-fastify',
    [script, String(port), PATH, body],
    folder,
    {},
    { command: process.execPath },
  );
  const origin = `http://127.0.0.1:${port}`;
  await program.until(async () => (await fetch(origin)).status > 0);
  return { pid: program.pid, target: { ...target, origin }, stop: () => program.stop() };
}
