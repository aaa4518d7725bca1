import type { IncomingHttpHeaders } from 'node:http';
import { isApiKey } from '../../api-keys/api-key.js';
import type { IdentifyKey } from '../../api-keys/identify-key.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import type { Identity } from '../../runtime/identity.js';
import { makeVerifyToken, type TokenPolicy } from './verify-token.js';

/** Says who a bearer token belongs to: a JSON Web Token, or an API key. @throws 401 saying what is wrong with it */
export type Authenticate = (token: string | undefined) => Promise<Identity>;

export function makeAuthenticate(tokens: TokenPolicy, identifyKey: IdentifyKey, clock: Clock): Authenticate {
  const verifyToken = makeVerifyToken(tokens, clock);
  return async (token) => {
    if (token === undefined || token === '') throw errors.unauthenticated('A bearer token is missing.');
    return isApiKey(token) ? identifyKey(token) : verifyToken(token);
  };
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
