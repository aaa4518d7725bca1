import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ragApi, VIRTUAL_MODELS } from '../contract/index.js';
import { findDocuments } from '../app/documents/find-documents.js';
import { ingestFiles } from '../app/documents/ingest-files.js';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { signToken } from '../app/embedded/local-tokens.js';
import type { Identity } from '../app/runtime/identity.js';

export interface StartOptions {
  /** Folder to ingest. @default the repository's README and docs */
  readonly documents?: string;
  /** Folder in which state survives a restart. @default in memory */
  readonly data?: string;
  /** The gateway's port, the other services follow it; 0 takes free ones. @default the contract's ports */
  readonly port?: number;
  readonly logLevel: string;
}

const DEMO: Identity = { user: 'demo', tenant: 'demo', tier: 'premium' };
const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs the whole platform in this process until it is told to stop.
 * @param print writes a line for the person at the terminal
 */
export async function start(options: StartOptions, print: (line: string) => void): Promise<EmbeddedPlatform> {
  const startedAt = performance.now();
  const files = await findDocuments(options.documents ?? REPOSITORY);
  const platform = await startPlatform({ ...options, env: process.env, clock: Date.now });
  const token = await signToken(platform.secret, DEMO, Date.now);
  print('Armature runs in this process, on embedded stores:');
  for (const [name, url] of Object.entries(platform.urls)) print(`  ${name.padEnd(13)}${url}`);
  print(`  models       ${platform.models.join(', ')}`);
  print(`ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  await ingest(platform, files, options.documents ?? REPOSITORY, print);
  welcome(platform.urls.gateway, token, print);
  return platform;
}

async function ingest(platform: EmbeddedPlatform, files: readonly string[], root: string, print: (line: string) => void) {
  print(`\nReading ${files.length} document${files.length === 1 ? '' : 's'} from ${root}`);
}
