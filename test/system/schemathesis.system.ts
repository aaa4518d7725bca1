import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fastify from 'fastify';
import { signToken } from '../../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../../app/embedded/start-platform.js';
import { endWithRun } from '../support/end-with-run.js';
import { tool } from './tools.js';

const began = Date.now();
/** A hundred times as fast as ours: a user's limits are those of everybody, and fill up again while schemathesis asks. */
const clock = () => began + (Date.now() - began) * 100;

const folder = mkdtempSync(join(tmpdir(), 'armature-schemathesis-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Asks everything that the description at a gateway's `/docs/json` tells of. */
async function schemathesis(gateway: string, secret: string): Promise<{ status: number; output: string }> {
  const users = join(folder, 'users.json');
  const auth = ['ada', 'bob'].map(async (user) => {
    const token = await signToken(secret, { user, tenant: user, tier: 'enterprise' }, clock);
    return { name: user, fixedHeaders: [{ name: 'Authorization', value: `Bearer ${token}` }] };
  });
  writeFileSync(users, JSON.stringify({ auth: await Promise.all(auth) }));
  const config = fileURLToPath(new URL('schemathesis.toml', import.meta.url));
  const child = spawn(
    tool('schemathesis'),
    ['--no-color', '--config-file', config, 'run', new URL('/docs/json', gateway).href],
    { cwd: folder, env: { ...process.env, GATEWAY_USERS: users }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  endWithRun(child);
  const [output, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, output: output + errors };
}

describe('schemathesis', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await startPlatform({ port: 0, logLevel: 'silent', env: {}, clock });
  });
  afterAll(() => platform?.close());

  test('finds nothing wrong with any route of the gateway', async () => {
    const description = await (await fetch(new URL('/docs/json', platform.urls.gateway))).json();
    const { paths } = description as { paths: Record<string, object> };
    const routes = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
    const { status, output } = await schemathesis(platform.urls.gateway, platform.secret);
    const failures = output.split(/=+ FAILURES =+/)[1]?.split(/=+ SUMMARY =+/)[0];
    expect({ status, failures }).toEqual({ status: 0, failures: undefined });
    expect(output).toMatch(new RegExp(`Tested: ${routes}$`, 'm'));
    process.stdout.write(`${routes} routes: ${/\d+ generated[^\n]*/.exec(output)?.[0]}\n`);
  });

  test('says so when a route answers what it does not describe', async () => {
    const app = fastify();
    const answer = { description: 'A number.', content: { 'application/json': { schema: { type: 'integer' } } } };
    app.get('/docs/json', async () => ({
      openapi: '3.1.0',
      info: { title: 'wrong', version: '1' },
      paths: { '/number': { get: { responses: { 200: answer } } } },
    }));
    app.get('/number', async () => ({ number: 'none' }));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const { status, output } = await schemathesis(url, platform.secret);
    await app.close();
    expect(status).toBe(1);
    expect(output).toContain('Response violates schema');
  });
});
