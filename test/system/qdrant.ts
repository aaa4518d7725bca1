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

/**
 * The Qdrant of `QDRANT_URL` (and `QDRANT_API_KEY`), else the program `qdrant` of the PATH, else our stand-in over Qdrant's own engine. The
 * one of `QDRANT_URL` is written to.
 */
export async function startQdrant(folder: string): Promise<QdrantServer> {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey = '' } = process.env;
  if (url !== undefined) return { url, apiKey, what: `the Qdrant at ${url}` };
  const home = join(folder, 'qdrant');
  mkdirSync(home, { recursive: true });
  const [port = 0] = await freePorts(1);
  const own = `http://127.0.0.1:${port}`;
  const { what, program } = start(home, port);
  await program.until(async () => (await fetch(`${own}/readyz`)).ok);
  return { url: own, apiKey: 'unused', what, program };
}

function start(home: string, port: number): { readonly what: string; readonly program: Program } {
  const binary = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, 'qdrant'))
    .find(existsSync);
  if (binary !== undefined) {
    const env = { QDRANT__SERVICE__HOST: '127.0.0.1', QDRANT__SERVICE__HTTP_PORT: String(port) };
    const program = new Program('qdrant', [], home, env, { command: binary });
    return { what: `Qdrant, ${binary}`, program };
  }
  const script = fileURLToPath(new URL('../support/qdrant-standin.py', import.meta.url));
  const program = new Program('qdrant', [script, String(port), home], home, {}, { command: pythonWithPackages() });
  return { what: "a stand-in over qdrant-edge-py, Qdrant's own engine", program };
}
