/**
 * What Node, undici and PostgreSQL (classes 08, 53 and 57P and a read-only server, https://www.postgresql.org/docs/current/errcodes-appendix.html) call
 * a server that cannot be reached, is ending, takes no more connections or no writes, or was so slow that a statement's time was over.
 */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT)|08...|25006|53...|57014|57P0[1234])$/;

/**
 * Drivers that give no code: ioredis and what Redis begins an error with that holds for every command, then pg, whose last two are said of what is asked
 * over a connection that broke before: a rollback.
 */
const AWAY_IN_WORDS =
  /^(Command timed out|Connection is closed\.|Stream isn't writeable|(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|OOM|READONLY) |timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client was closed|Client has encountered a connection error)/;

/** What Qdrant's client calls an answer that did not come in time, or 429. */
const AWAY_BY_NAME = /^QdrantClient(Timeout|ResourceExhausted)Error$/;

/** Causes are followed so far: some errors are their own. */
const DEEPEST_CAUSE = 5;

/** Whether work failed because a store did not answer, or can serve nobody now, and not by what it was asked. The error, or one that it names as its cause, says so. */
export function isStoreAway(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > DEEPEST_CAUSE) return false;
  // Not `instanceof`: some come from another realm.
  const { code, name, message, cause, errors, previousErrors } = error as Failure;
  if (code !== undefined && AWAY.test(String(code))) return true;
  if (AWAY_BY_NAME.test(name ?? '') || AWAY_IN_WORDS.test(message ?? '') || refusesAll(error)) return true;
  if (isStoreAway(cause, depth + 1)) return true;
  return [errors, previousErrors].some((all) => Array.isArray(all) && all.some((one) => isStoreAway(one, depth + 1)));
}

/** Whether a store that is asked over HTTP answered so, or in no time. S3's driver is known by its metadata, Qdrant's client by the words of the status. */
function refusesAll({ name, $metadata, status, statusText }: Failure): boolean {
  if ($metadata !== undefined && name === 'TimeoutError') return true;
  const answered = $metadata?.httpStatusCode ?? (statusText === undefined ? undefined : status);
  return answered !== undefined && (answered >= 500 || answered === 429);
}

/** What of an error may say it; `errors` where a name has several addresses, none of which answered, `previousErrors` of the commands of a transaction of Redis. */
type Failure = Partial<NodeJS.ErrnoException & Pick<AggregateError, 'cause' | 'errors'>> & {
  readonly previousErrors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly status?: number;
  readonly statusText?: string;
};
