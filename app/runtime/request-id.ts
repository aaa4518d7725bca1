import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_HEADER } from '../../contract/index.js';

/** Longer ones, and what is no plain word, would be carried into every log line, header and call that follows. */
const WORD = /^[\w.:/+=@-]{1,128}$/;

/** The id that a request brings, or a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const brought = headers[REQUEST_ID_HEADER];
  return typeof brought === 'string' && WORD.test(brought) ? brought : randomUUID();
}
