import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findDefaultDocuments } from '../app/embedded/default-documents.js';
import { ingestFolder } from '../app/embedded/ingest-folder.js';
import { signToken } from '../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { welcome } from '../cli/welcome.js';
import { ada, askPlatform } from './support/ask-platform.js';

const demo = { user: 'demo', tenant: 'demo', tier: 'premium' } as const;
let platform: EmbeddedPlatform;

beforeAll(async () => {
  platform = await startPlatform({ port: 0, logLevel: 'silent', env: {}, clock: Date.now });
  const caller = { identity: demo, requestId: 'test', traceparent: '', signal: new AbortController().signal };
  await ingestFolder(await findDefaultDocuments(), caller, platform.client, () => undefined);
});
afterAll(() => platform.close());

/** Sends what one of the welcome's lines for curl would send. */
async function follow(line: string): Promise<string> {
  const [, url = '', body = ''] = /curl \S+ (\S+) .* -d '(.*)'$/.exec(line) ?? [];
  const authorization = `Bearer ${await signToken(platform.secret, demo, Date.now)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  // A stream's pieces, joined.
  return text.replaceAll(/\n*data: .*?"delta":\{(?:.*?"content":"(.*?)")?.*?\n/g, '$1');
}

// The first answer that a newcomer saw was a row of a table.
it('the first lines to try answer what they ask, from this project’s own documents', async () => {
  const lines = welcome(platform.urls.gateway, 'T', demo).filter((line) => line.startsWith('curl'));
  const [chat = '', agent = '', stream = ''] = await Promise.all(lines.map(follow));
  expect(chat).toContain('wait for a model inside their requests');
  expect(agent).toContain('= 105');
  expect(stream).toMatch(/holds (the|its) replicas/);
});

describe('with a data folder', () => {
  it('documents, conversations, tasks and tokens survive a restart', async () => {
    const data = await mkdtemp(join(tmpdir(), 'armature-'));
    const start = () => startPlatform({ data, port: 0, logLevel: 'silent', env: {}, clock: Date.now });
    try {
      const before = await start();
      const authorization = `Bearer ${await signToken(before.secret, ada, Date.now)}`;
      const ask = async (platform: EmbeddedPlatform, path: string, body?: object) =>
        (await askPlatform(platform, path, { body, headers: { authorization } })).json();
      await askPlatform(before, '/api/documents?source=pump.pdf', {
        body: new Uint8Array(await readFile(new URL('../app/documents/fixtures/pump.pdf', import.meta.url))),
        headers: { 'content-type': 'application/pdf' },
      });
      const { check_url: url } = await ask(before, '/chat/async', { session: 'r1', message: 'My name is Ada.' });
      await ask(before, `${url}?wait_ms=20000`);
      await before.close();

      const after = await start();
      expect(await ask(after, url)).toMatchObject({ status: 'completed' });
      expect((await ask(after, '/api/sessions/r1')).messages).toHaveLength(2);
      const { passages } = await ask(after, '/api/search', { query: 'Where are spare seals kept?' });
      expect(passages[0].source).toBe('pump.pdf');
      await after.close();
    } finally {
      await rm(data, { recursive: true });
    }
  });
});
