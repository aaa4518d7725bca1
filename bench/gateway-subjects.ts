import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signToken } from '../app/embedded/local-tokens.js';
import type { ServiceName } from '../contract/index.js';
import type { PostgresServer } from '../test/system/postgres.js';
import { freePorts, Program } from '../test/system/program.js';
import type { QdrantServer } from '../test/system/qdrant.js';
import type { RedisServer } from '../test/system/redis.js';
import { ServedProcess } from '../test/system/served-process.js';
import type { Target } from './load.js';
import { pythonOf } from './python-packages.js';

/** One that is measured: where it is asked, and the process whose time is counted. */
export interface Subject {
  readonly target: Target;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface Surroundings {
  readonly folder: string;
  readonly upstream: string;
  readonly redis: Pick<RedisServer, 'url'>;
  readonly postgres: Pick<PostgresServer, 'url' | 'password'>;
  readonly qdrant: Pick<QdrantServer, 'url' | 'apiKey'>;
}

const project = fileURLToPath(new URL('..', import.meta.url));
const secret = 'a secret of at least thirty-two characters';
/** So many that none comes to the limits of its tier. */
export const USERS = 2_000;

const messages = [
  { role: 'system', content: 'You answer from the handbook, in two sentences at most.' },
  { role: 'user', content: 'Where are spare seals kept, and who may take one out of the cabinet?' },
];
const path = '/v1/chat/completions';

/** The gateway as production starts it: from the build, tokens verified, limits on Redis, metrics on. */
export async function startGateway(around: Surroundings, orchestrator: string, nodeOptions = ''): Promise<Subject> {
  const served = await serve('gateway', around, { ORCHESTRATOR_URL: orchestrator, JWT_SECRET: secret }, nodeOptions);
  const tokens = await Promise.all(
    Array.from({ length: USERS }, (_, i) =>
      signToken(secret, { user: `user-${i}`, tenant: 'acme', tier: 'enterprise' }, Date.now),
    ),
  );
  let next = 0;
  return {
    pid: served.pid,
    target: {
      origin: served.url,
      path,
      headers: () => ({ authorization: `Bearer ${tokens[next++ % USERS]}` }),
      body: { model: 'auto', messages },
    },
    stop: () => served.end(),
  };
}

/** The orchestrator with the fake upstream as its provider, on its own stores. */
export function startOrchestrator(around: Surroundings): Promise<ServedProcess> {
  const provider = { OPENAI_API_KEYS: 'sk-bench', OPENAI_BASE_URL: `${around.upstream}/v1` };
  return serve('orchestrator', around, provider);
}

/** @param name a script of bench/peers that asks the upstream */
export async function startPeer(name: 'byte-proxy' | 'bare-chat-model', around: Surroundings): Promise<Subject> {
  const [port = 0] = await freePorts(1);
  const args = [join(project, `bench/peers/${name}.js`), around.upstream, String(port)];
  const program = new Program(name, args, around.folder, {}, { command: process.execPath });
  return subjectOf(program, port, {}, 'gpt-4');
}

/** What the gateway's libraries take by themselves. */
export async function startBareGateway({ folder, upstream, redis }: Surroundings): Promise<Subject> {
  const [port = 0] = await freePorts(1);
  const script = join(project, 'bench/bare-gateway.ts');
  const args = ['--import', import.meta.resolve('tsx'), script, upstream, redis.url, String(port)];
  const program = new Program('bare-gateway', args, folder, {}, { command: process.execPath });
  return subjectOf(program, port, {}, 'gpt-4');
}

export async function startPortkey({ folder, upstream }: Surroundings): Promise<Subject> {
  const [port = 0] = await freePorts(1);
  const script = join(project, 'bench/peers/node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(script)) throw new Error('The peers are not there: npm ci --prefix bench/peers');
  const args = [script, `--port=${port}`, '--headless'];
  const env = { NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' };
  const program = new Program('portkey', args, folder, env, { command: process.execPath });
  const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` };
  return subjectOf(program, port, headers, 'gpt-4');
}

export async function startLiteLlm({ folder, upstream }: Surroundings): Promise<Subject> {
  const bin = pythonOf('litellm', ['litellm[proxy]']);
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'litellm.json');
  const params = { model: 'openai/gpt-4', api_base: `${upstream}/v1`, api_key: 'sk-bench' };
  // YAML is JSON too.
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: 'gpt-4', litellm_params: params }] }));
  const args = ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--telemetry', 'False'];
  const env = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR', LITELLM_MASTER_KEY: 'sk-bench' };
  const program = new Program('litellm', args, folder, env, { command: join(bin, 'litellm') });
  return subjectOf(program, port, {}, 'gpt-4');
}

async function subjectOf(
  program: Program,
  port: number,
  more: Readonly<Record<string, string>>,
  model: string,
): Promise<Subject> {
  const origin = `http://127.0.0.1:${port}`;
  await program.until(async () => (await fetch(origin)).status > 0);
  const headers = { authorization: 'Bearer sk-bench', ...more };
  return {
    pid: program.pid,
    target: { origin, path, headers: () => headers, body: { model, messages } },
    stop: () => program.stop(),
  };
}

async function serve(
  name: ServiceName,
  { folder, redis, postgres, qdrant }: Surroundings,
  values: Readonly<Record<string, string>>,
  nodeOptions = '',
): Promise<ServedProcess> {
  const [port = 0] = await freePorts(1);
  const served = new ServedProcess({
    name,
    port,
    tree: project,
    folder,
    nodeOptions,
    values: {
      REDIS_URL: redis.url,
      REDIS_PASSWORD: 'unused',
      POSTGRES_URL: postgres.url,
      POSTGRES_PASSWORD: postgres.password,
      QDRANT_URL: qdrant.url,
      QDRANT_API_KEY: qdrant.apiKey,
      ...values,
    },
  });
  await served.untilReady();
  return served;
}
