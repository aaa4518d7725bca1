import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** What pg says when a statement's `query_timeout` is over. */
const NO_ANSWER = 'Query read timeout';

/**
 * A pool that lets go of a connection whose server did not answer in time. By itself pg keeps it: a transaction's rollback would wait
 * for the same answer as long again, and so would whoever is given that connection next.
 */
export function answeringPool(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => answering(await pool.connect()),
    end: () => pool.end(),
  };
}

function answering(client: pg.PoolClient): PostgresPoolClient {
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return await client.query({ ...nameIn(text), text, values: [...values] });
    } catch (error) {
      // In the middle of a statement this closes the socket, and says no farewell that would wait too.
      if (error instanceof Error && error.message === NO_ANSWER) void client.end();
      throw error;
    }
  };
  // Of what a connection can do, cursors are not used.
  return { query: query as PostgresPoolClient['query'] & typeof query, release: () => client.release() };
}

/** A statement whose first line is a comment is prepared under that name: a connection parses it and plans it once. */
const NAME = /^\s*-- (.+)\n/;

function nameIn(text: string): { readonly name?: string } {
  const [, name] = NAME.exec(text) ?? [];
  return name === undefined ? {} : { name };
}
