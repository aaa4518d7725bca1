import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import OpenAI from 'openai';
import { startPlatform } from '../../app/embedded/start-platform.js';
import { runCreateKey } from '../../cli/key.js';
import { OpenAiProvider } from './openai-provider.js';

/** Runs a command of ours and gives what it printed. */
export async function printed(command: () => Promise<void>): Promise<string> {
  let text = '';
  const write = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(write),
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  await command().finally(() => spies.forEach((spy) => void spy.mockRestore()));
  return text.trim();
}

/** The platform with a provider that is told what to say, and OpenAI's client with an API key of the command. */
export async function startPlatformWithProvider() {
  const provider = new OpenAiProvider();
  await provider.start();
  const data = await mkdtemp(join(tmpdir(), 'armature-'));
  const env = { OPENAI_BASE_URL: provider.url };
  const platform = await startPlatform({ data, port: 0, logLevel: 'silent', env, clock: Date.now });
  const apiKey = await printed(() =>
    runCreateKey({ user: 'ada', tenant: 'acme', tier: 'enterprise', name: 'test', data }),
  );
  const openai = new OpenAI({ apiKey, baseURL: `${platform.urls.gateway}/v1`, maxRetries: 0 });
  const stop = async () => {
    await platform.close();
    await provider.stop();
    await rm(data, { recursive: true });
  };
  return { provider, platform, data, apiKey, openai, stop };
}
