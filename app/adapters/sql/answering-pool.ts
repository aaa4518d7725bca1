import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { hasErrorCode } from '../../runtime/error-code.js';

/** What pg says when a statement's `query_timeout` is over. */
const NO_ANSWER = 'Query read timeout';
/** PostgreSQL's code of a write that a server refuses which takes none. */
const READ_ONLY = '25006';

/**
 * A pool that lets go of a connection whose server did not answer in time. By itself pg keeps it: a transaction's rollback would wait
 * for the same answer as long again, and so would whoever is given that connection next. So it does of one whose server takes no writes, such as a
 * primary that has become a standby: the address may lead to another by now.
 */
export function answeringPool(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => answering(await pool.connect()),
    end: () => pool.end(),
  };
}

function answering(client: pg.PoolClient): PostgresPoolClient {
  let readOnly = false;
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return await client.query({ ...nameIn(text), text, values: [...values] });
    } catch (error) {
      // In the middle of a statement this closes the socket, and says no farewell that would wait too.
      if (error instanceof Error && error.message === NO_ANSWER) void client.end();
      readOnly ||= hasErrorCode(error, READ_ONLY);
      throw error;
    }
  };
  // Of what a connection can do, cursors are not used.
  return { query: query as PostgresPoolClient['query'] & typeof query, release: () => client.release(readOnly) };
}

/** A statement whose first line is a comment is prepared under that name: a connection parses it and plans it once. */
const NAME = /^\s*-- (.+)\n/;

function nameIn(text: string): { readonly name?: string } {
  const [, name] = NAME.exec(text) ?? [];
  return name === undefined ? {} : { name };
}
