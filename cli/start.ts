import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { relative } from 'node:path';
import { DatabaseFileError } from '../app/adapters/sql/database-file-error.js';
import { DocumentFolderError, findDocuments } from '../app/documents/find-documents.js';
import { DataFolderError } from '../app/embedded/data-folder.js';
import { findDefaultDocuments } from '../app/embedded/default-documents.js';
import { ingestFolder } from '../app/embedded/ingest-folder.js';
import { signToken } from '../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, type PlatformOptions, startPlatform } from '../app/embedded/start-platform.js';
import type { Identity } from '../app/runtime/identity.js';
import { PortInUseError } from '../app/runtime/listen.js';
import { SettingsError } from '../contract/index.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';
import { welcome } from './welcome.js';

export interface StartOptions extends Omit<PlatformOptions, 'env' | 'clock'> {
  /** Folder to ingest, or `false` for none. @default the project's README and docs */
  readonly documents?: string | false | undefined;
}

const DEMO: Identity = { user: 'demo', tenant: 'demo', tier: 'premium' };

/** What a person can mend: told in one line, without a stack. */
const MENDABLE = [PortInUseError, SettingsError, DocumentFolderError, DataFolderError, DatabaseFileError];

/**
 * `armature start`: runs until Ctrl-C or SIGTERM, then lets running requests and tasks finish. A second Ctrl-C ends it at once.
 */
export async function runStart(options: StartOptions): Promise<void> {
  const stopping = new AbortController();
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const stop = () => {
    if (stopping.signal.aborted) process.exit(EXIT_FAILURE);
    print('\nStopping: running work is finished first. Ctrl-C again stops at once.');
    stopping.abort(new Error('Stopped.'));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  // Whoever read along has gone, as `head` does.
  process.stdout.on('error', () => stopping.abort(new Error('Nobody reads the output.')));
  try {
    const platform = await start(options, print, stopping.signal);
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
    await platform.close();
    process.exit(0);
  } catch (error) {
    if (!MENDABLE.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`${(error as Error).message}${error instanceof PortInUseError ? PORT_HINT : ''}\n`);
    process.exit(EXIT_USAGE);
  }
}

const PORT_HINT = '\nStop that program, or move all services: --port 9000 (or --port 0 for free ports).';

/**
 * Runs the whole platform in this process: starts it, ingests documents, prints how to try it.
 * @param print writes a line for the person at the terminal
 * @param signal aborts the ingestion
 */
async function start(
  options: StartOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<EmbeddedPlatform> {
  const startedAt = performance.now();
  const folder = await documentsOf(options.documents);
  const platform = await startPlatform({ ...options, env: process.env, clock: Date.now });
  print(
    `Armature: every service in this process, on embedded stores (${options.data ?? 'in memory, nothing is kept'})`,
  );
  for (const [name, url] of Object.entries(platform.urls)) print(`  ${name.padEnd(14)}${url}`);
  print(`  ${'models'.padEnd(14)}${platform.models.join(', ')}`);
  print(`ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  if (folder !== undefined) await ingest(platform, folder, print, signal);
  if (signal.aborted) return platform;
  const token = await signToken(platform.secret, DEMO, Date.now);
  for (const line of welcome(platform.urls.gateway, token, DEMO)) print(line);
  return platform;
}

async function documentsOf(documents: StartOptions['documents']) {
  if (documents === false) return undefined;
  return documents === undefined ? findDefaultDocuments() : { root: documents, files: await findDocuments(documents) };
}

type Folder = { readonly root: string; readonly files: readonly string[] };

async function ingest(
  platform: EmbeddedPlatform,
  folder: Folder,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  print(`Reading ${folder.files.length} documents from ${folder.root}`);
  const caller = { identity: DEMO, requestId: randomUUID(), traceparent: '', signal };
  const report = await ingestFolder(folder, caller, platform.client, ({ done, of, file, outcome }) => {
    const told = 'passages' in outcome ? `${outcome.passages} passages` : `left out: ${outcome.reason}`;
    print(`  ${`${done}/${of}`.padStart(9)}  ${relative(folder.root, file)}  ${told}`);
  });
  print(`${report.ingested} documents, ${report.passages} passages; ${report.failures.length} left out\n`);
}
