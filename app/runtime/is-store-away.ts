/** What Node, undici and PostgreSQL (classes 08 and 57P, https://www.postgresql.org/docs/current/errcodes-appendix.html) call a server that cannot be reached, is ending, or was so slow that a statement's time was over. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT)|08...|57014|57P0[123])$/;

/** Drivers that give no code: ioredis, then pg, whose last two are said of what is asked over a connection that broke before: a rollback. */
const AWAY_IN_WORDS =
  /^(Command timed out|Connection is closed\.|Stream isn't writeable|timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client was closed|Client has encountered a connection error)/;

/** Causes are followed so far: some errors are their own. */
const DEEPEST_CAUSE = 5;

/** Whether work failed because a store did not answer, and not by what it was asked. The error, or one that it names as its cause, says so. */
export function isStoreAway(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > DEEPEST_CAUSE) return false;
  // Not `instanceof`: some come from another realm.
  const { code, message, cause, errors } = error as Failure;
  if (code !== undefined && AWAY.test(String(code))) return true;
  if (AWAY_IN_WORDS.test(message ?? '') || isStoreAway(cause, depth + 1)) return true;
  return Array.isArray(errors) && errors.some((one) => isStoreAway(one, depth + 1));
}

/** What of an error may say it; `errors` where a name has several addresses, none of which answered. */
type Failure = Partial<NodeJS.ErrnoException & Pick<AggregateError, 'cause' | 'errors'>>;
