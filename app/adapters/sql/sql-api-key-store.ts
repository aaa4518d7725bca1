import type { Kysely } from 'kysely';
import type { ApiKeyRecord, ApiKeyStore } from '../../api-keys/api-key-store.js';
import type { Identity } from '../../runtime/identity.js';
import type { Schema } from './schema.js';

/** API keys in a relational database. */
export class SqlApiKeyStore implements ApiKeyStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async add({ id, name, owner, createdAt }: Omit<ApiKeyRecord, 'revokedAt'>, hash: string): Promise<void> {
    const { tenant, user, tier } = owner;
    await this.#db
      .insertInto('apiKeys')
      .values({ id, hash, name, tenant, user, tier, createdAt, revokedAt: null })
      .execute();
  }

  async ownerOf(hash: string): Promise<Identity | undefined> {
    return this.#db
      .selectFrom('apiKeys')
      .select(['user', 'tenant', 'tier'])
      .where('hash', '=', hash)
      .where('revokedAt', 'is', null)
      .executeTakeFirst();
  }

  async revoke(id: string, at: number): Promise<boolean> {
    const found = await this.#db
      .updateTable('apiKeys')
      .set((row) => ({ revokedAt: row.fn.coalesce('revokedAt', row.val(at)) }))
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    return found !== undefined;
  }

  async list(): Promise<readonly ApiKeyRecord[]> {
    const rows = await this.#db
      .selectFrom('apiKeys')
      .select(['id', 'name', 'user', 'tenant', 'tier', 'createdAt', 'revokedAt'])
      .orderBy('createdAt')
      .orderBy('id')
      .execute();
    return rows.map(({ id, name, user, tenant, tier, createdAt, revokedAt }) => ({
      id,
      name,
      owner: { user, tenant, tier },
      createdAt,
      revokedAt: revokedAt ?? undefined,
    }));
  }
}
