import type { Kysely } from 'kysely';
import { memoryPolicy } from '../../../contract/index.js';
import type { ConversationKey, ConversationStore, Message } from '../../conversations/conversation-store.js';
import type { Clock } from '../../runtime/clock.js';
import type { Schema } from './schema.js';

/** Conversations in a relational database. */
export class SqlConversationStore implements ConversationStore {
  readonly #db: Kysely<Schema>;
  readonly #clock: Clock;

  constructor(db: Kysely<Schema>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async append(key: ConversationKey, messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#forgetExpired();
    await this.#db.transaction().execute(async (db) => {
      const lastSeq = await this.#takeSequence(db, key, messages.length);
      const kept = messages.slice(-memoryPolicy.keptMessages);
      const firstSeq = lastSeq - kept.length + 1;
      const rows = kept.map((message, i) => ({ ...identify(key), seq: firstSeq + i, ...plain(message) }));
      await db.insertInto('messages').values(rows).execute();
      await db
        .deleteFrom('messages')
        .where((row) => row.and(identify(key)))
        .where('seq', '<=', lastSeq - memoryPolicy.keptMessages)
        .execute();
    });
  }

  async read(key: ConversationKey, limit: number): Promise<readonly Message[]> {
    const newestFirst = await this.#db
      .selectFrom('messages')
      .innerJoin('conversations', (join) =>
        join
          .onRef('conversations.tenant', '=', 'messages.tenant')
          .onRef('conversations.user', '=', 'messages.user')
          .onRef('conversations.session', '=', 'messages.session'),
      )
      .select(['messages.role', 'messages.content', 'messages.at'])
      .where('messages.tenant', '=', key.tenant)
      .where('messages.user', '=', key.user)
      .where('messages.session', '=', key.session)
      .where('conversations.expiresAt', '>', this.#clock())
      .orderBy('messages.seq', 'desc')
      .limit(limit)
      .execute();
    return newestFirst.reverse();
  }

  async delete(key: ConversationKey): Promise<boolean> {
    const found = await this.#db
      .deleteFrom('conversations')
      .where((row) => row.and(identify(key)))
      .returning('expiresAt')
      .executeTakeFirst();
    return found !== undefined && found.expiresAt > this.#clock();
  }

  async deleteAll({ tenant, user }: Omit<ConversationKey, 'session'>): Promise<number> {
    const found = await this.#db
      .deleteFrom('conversations')
      .where('tenant', '=', tenant)
      .where('user', '=', user)
      .returning('expiresAt')
      .execute();
    return found.filter(({ expiresAt }) => expiresAt > this.#clock()).length;
  }

  /**
   * Reserves the next sequence numbers. As the transaction's first statement it also locks the session, so that writers of one
   * session follow one another. @returns the last number reserved
   */
  async #takeSequence(db: Kysely<Schema>, key: ConversationKey, count: number): Promise<number> {
    const expiresAt = this.#clock() + memoryPolicy.ttlSeconds * 1000;
    const { lastSeq } = await db
      .insertInto('conversations')
      .values({ ...identify(key), lastSeq: count, expiresAt })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant', 'user', 'session'])
          .doUpdateSet((row) => ({ lastSeq: row('conversations.lastSeq', '+', count), expiresAt })),
      )
      .returning('lastSeq')
      .executeTakeFirstOrThrow();
    return lastSeq;
  }

  /** Their messages go with them. */
  async #forgetExpired(): Promise<void> {
    await this.#db.deleteFrom('conversations').where('expiresAt', '<=', this.#clock()).execute();
  }
}

/** The key alone: a caller's object may carry more. */
function identify({ tenant, user, session }: ConversationKey) {
  return { tenant, user, session };
}

function plain({ role, content, at }: Message): Message {
  return { role, content, at };
}
