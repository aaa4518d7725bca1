import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, Program } from './program.js';
import { pythonWithPackages } from './tools.js';

/** A Qdrant for one test run, and which one it is. */
export interface QdrantServer {
  readonly url: string;
  readonly apiKey: string;
  readonly what: string;
  /** Absent where the server is somebody else's. */
  readonly program?: Program;
}

/** Our stand-in over Qdrant's own engine, on a free port of loopback. @param apiKey that callers must have. @default none */
export async function startStandIn(
  home: string,
  apiKey?: string,
): Promise<QdrantServer & { readonly program: Program }> {
  mkdirSync(home, { recursive: true });
  const [port = 0] = await freePorts(1);
  const script = fileURLToPath(new URL('../support/qdrant-standin.py', import.meta.url));
  const env = apiKey === undefined ? {} : { QDRANT__SERVICE__API_KEY: apiKey };
  const program = new Program('qdrant', [script, String(port), home], home, env, { command: pythonWithPackages() });
  const url = `http://127.0.0.1:${port}`;
  await program.until(async () => (await fetch(`${url}/readyz`)).ok);
  return { url, apiKey: apiKey ?? 'unused', what: "a stand-in over qdrant-edge-py, Qdrant's own engine", program };
}

/**
 * The Qdrant of `QDRANT_URL` (and `QDRANT_API_KEY`), else the program `qdrant` of the PATH, else our stand-in over Qdrant's own engine. The
 * one of `QDRANT_URL` is written to.
 */
export async function startQdrant(folder: string): Promise<QdrantServer> {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey = '' } = process.env;
  if (url !== undefined) return { url, apiKey, what: `the Qdrant at ${url}` };
  const home = join(folder, 'qdrant');
  const binary = (process.env.PATH ?? '')
    .split(':')
    .map((path) => join(path, 'qdrant'))
    .find(existsSync);
  if (binary === undefined) return startStandIn(home);
  mkdirSync(home, { recursive: true });
  const [port = 0] = await freePorts(1);
  const own = `http://127.0.0.1:${port}`;
  const env = { QDRANT__SERVICE__HOST: '127.0.0.1', QDRANT__SERVICE__HTTP_PORT: String(port) };
  const program = new Program('qdrant', [], home, env, { command: binary });
  await program.until(async () => (await fetch(`${own}/readyz`)).ok);
  return { url: own, apiKey: 'unused', what: `Qdrant, ${binary}`, program };
}
