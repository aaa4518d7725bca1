/** What Node, undici and PostgreSQL (classes 08 and 57P, https://www.postgresql.org/docs/current/errcodes-appendix.html) call a server that cannot be reached, is ending, or was so slow that a statement's time was over. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT)|08...|57014|57P0[123])$/;

/** Drivers that give no code: ioredis, then pg. */
const AWAY_IN_WORDS =
  /^(Command timed out|Connection is closed\.|Stream isn't writeable|timeout exceeded when trying to connect|Connection terminated)/;

/** Whether work failed because a store did not answer, and not by what it was asked. The error, or one that it names as its cause, says so. */
export function isStoreAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // Not `instanceof`: some come from another realm.
  const { code, message, cause, errors } = error as Failure;
  if (code !== undefined && AWAY.test(String(code))) return true;
  if (AWAY_IN_WORDS.test(message ?? '') || isStoreAway(cause)) return true;
  return errors?.some(isStoreAway) ?? false;
}

/** What of an error may say it; `errors` where a name has several addresses, none of which answered. */
type Failure = Partial<NodeJS.ErrnoException & Pick<AggregateError, 'cause' | 'errors'>>;
