import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { signToken } from '../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { ada, askPlatform } from './support/ask-platform.js';

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
