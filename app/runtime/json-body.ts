import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { errors, type ServiceError } from './errors.js';
import { refuseUnstorable } from './storable-json.js';

/** Has JSON bodies read, and told what is wrong with them where they are none. */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    // Read all the same, each byte that is none would become a question mark, in a prompt as elsewhere.
    if (!isUtf8(bytes)) return done(errors.malformed('The body is not UTF-8, as JSON must be: send it so.'));
    const text = bytes.toString();
    parse(request, text, (error, value) => {
      if (error !== null) return done(text === '' ? error : problemOf(text));
      try {
        refuseUnstorable(text, value);
      } catch (unstorable) {
        return done(unstorable as ServiceError);
      }
      done(null, value);
    });
  });
}

/** @param text that was not taken */
function problemOf(text: string): ServiceError {
  try {
    JSON.parse(text);
  } catch (error) {
    return errors.malformed(`The body is not JSON: ${(error as Error).message}.`);
  }
  return errors.malformed('The JSON has a field "__proto__", or a "constructor" with a "prototype": leave it out.');
}
