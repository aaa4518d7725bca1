import { v7 as newId } from 'uuid';
import { SqlApiKeyStore } from '../app/adapters/sql/sql-api-key-store.js';
import { hashApiKey, makeApiKey } from '../app/api-keys/api-key.js';
import type { ApiKeyRecord } from '../app/api-keys/api-key-store.js';
import { tenantOfOne } from '../app/runtime/identity.js';
import { gatewaySettings, TIERS } from '../contract/index.js';
import { EXIT_USAGE } from './exit-codes.js';
import { CommandError, type DatabasePlace, withDatabase } from './with-database.js';

export interface CreateKeyOptions extends DatabasePlace {
  readonly user: string;
  readonly tenant?: string;
  /** @default the tier of a token that names none */
  readonly tier?: string;
  readonly name: string;
}

/** `armature key create`: prints the new key alone to standard output, and what it is to standard error. */
export async function runCreateKey(options: CreateKeyOptions): Promise<void> {
  const { user, tenant = tenantOfOne(user), tier = gatewaySettings.defaultTier.default, name, ...place } = options;
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
export function runRevokeKey(id: string, place: DatabasePlace): Promise<void> {
  return withKeys(place, async (keys) => {
    if (!(await keys.revoke(id, Date.now())))
      throw new CommandError(`There is no key ${id}: \`armature key list\` shows their ids.`);
    print(`${id} revoked`);
  });
}

/** `armature key list` */
export function runListKeys({ format, ...place }: DatabasePlace & { readonly format: 'text' | 'json' }): Promise<void> {
  return withKeys(place, async (keys) => {
    const listed = await keys.list();
    if (format === 'json') return print(JSON.stringify(listed, null, 2));
    for (const record of listed) print(describe(record));
  });
}

function withKeys(place: DatabasePlace, work: (keys: SqlApiKeyStore) => Promise<void>): Promise<void> {
  return withDatabase('armature key', place, (db) => work(new SqlApiKeyStore(db)));
}

function describe({ id, name, owner, createdAt, revokedAt }: ApiKeyRecord): string {
  const state = revokedAt === undefined ? 'works' : `revoked ${new Date(revokedAt).toISOString()}`;
  const made = new Date(createdAt).toISOString();
  return `${id}  ${made}  ${owner.user}  ${owner.tenant}  ${owner.tier}  ${state}${name && `  ${name}`}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
