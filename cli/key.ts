import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as newId } from 'uuid';
import { DatabaseFileError } from '../app/adapters/sql/database-file-error.js';
import { openPostgres } from '../app/adapters/sql/postgres-database.js';
import { SqlApiKeyStore } from '../app/adapters/sql/sql-api-key-store.js';
import { hashApiKey, makeApiKey } from '../app/api-keys/api-key.js';
import type { ApiKeyRecord } from '../app/api-keys/api-key-store.js';
import { DATABASE_FILE } from '../app/embedded/data-folder.js';
import { gatewaySettings, parseSettings, postgresSettings, SettingsError, TIERS } from '../contract/index.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';

interface KeyPlace {
  /** Folder of an embedded platform. @default PostgreSQL, by the environment's settings */
  readonly data?: string;
}

export interface CreateKeyOptions extends KeyPlace {
  readonly user: string;
  readonly tenant?: string;
  /** @default the tier of a token that names none */
  readonly tier?: string;
  readonly name: string;
}

/** `armature key create`: prints the new key alone to standard output, and what it is to standard error. */
export async function runCreateKey(options: CreateKeyOptions): Promise<void> {
  const { user, tenant = `user:${user}`, tier = gatewaySettings.defaultTier.default, name, ...place } = options;
  const known = gatewaySettings.defaultTier.schema.safeParse(tier);
  if (!known.success) {
    process.stderr.write(`There is no tier "${tier}"; there are ${TIERS.join(', ')}.\n`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  await withKeys(place, async (keys) => {
    const key = makeApiKey();
    const record = { id: newId(), name, owner: { user, tenant, tier: known.data }, createdAt: Date.now() };
    await keys.add(record, hashApiKey(key));
    process.stderr.write(`${describe({ ...record, revokedAt: undefined })}\nKeep it now: it is not shown again.\n`);
    print(key);
  });
}

/** `armature key revoke` */
export function runRevokeKey(id: string, place: KeyPlace): Promise<void> {
  return withKeys(place, async (keys) => {
    if (!(await keys.revoke(id, Date.now())))
      throw new KeyCommandError(`There is no key ${id}: \`armature key list\` shows their ids.`);
    print(`${id} revoked`);
  });
}

/** `armature key list` */
export function runListKeys({ format, ...place }: KeyPlace & { readonly format: 'text' | 'json' }): Promise<void> {
  return withKeys(place, async (keys) => {
    const listed = await keys.list();
    if (format === 'json') return print(JSON.stringify(listed, null, 2));
    for (const record of listed) print(describe(record));
  });
}

/** What a person can mend: told in one line, without a stack. */
class KeyCommandError extends Error {
  override readonly name = 'KeyCommandError';
}

async function withKeys(place: KeyPlace, work: (keys: SqlApiKeyStore) => Promise<void>): Promise<void> {
  try {
    const db = await open(place);
    try {
      await work(new SqlApiKeyStore(db));
    } finally {
      await db.destroy();
    }
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof KeyCommandError || error instanceof DatabaseFileError))
      throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof KeyCommandError ? EXIT_FAILURE : EXIT_USAGE;
  }
}

async function open({ data }: KeyPlace) {
  if (data !== undefined) {
    // The image is without SQLite.
    const { openDatabase } = await import('../app/adapters/sql/database.js');
    return openDatabase({ path: join(data, DATABASE_FILE) });
  }
  const { postgresUrl: url, postgresPassword: password } = parseSettings(
    'armature key',
    postgresSettings,
    process.env,
    (path) => readFileSync(path, 'utf8'),
  );
  return openPostgres({ url, password, onError: () => undefined, maxConnections: 1 }).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
    throw new KeyCommandError(`PostgreSQL at ${new URL(url).host} does not take the connection: ${why}`);
  });
}

function describe({ id, name, owner, createdAt, revokedAt }: ApiKeyRecord): string {
  const state = revokedAt === undefined ? 'works' : `revoked ${new Date(revokedAt).toISOString()}`;
  const made = new Date(createdAt).toISOString();
  return `${id}  ${made}  ${owner.user}  ${owner.tenant}  ${owner.tier}  ${state}${name && `  ${name}`}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
