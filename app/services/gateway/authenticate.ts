import type { IncomingHttpHeaders } from 'node:http';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { TIERS, type Tier } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import type { Identity } from '../../runtime/identity.js';

export interface TokenPolicy {
  /** HS256 secret, at least 256 bits. */
  readonly secret: string;
  /** Key set for RS256 and ES256. @default such tokens are refused */
  readonly jwksUrl?: string | undefined;
  readonly issuer: string;
  readonly audience: string;
  /** Tier of a token that names none. */
  readonly defaultTier: Tier;
}

/** Verifies a bearer token. @throws 401 saying what is wrong with it */
export type Authenticate = (token: string | undefined) => Promise<Identity>;

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  tenant: z.string().min(1).optional(),
  tier: z.enum(TIERS).optional(),
});

const VERIFIED_TOKENS_KEPT = 10_000;

/**
 * Makes the verifier. The algorithm decides which key is used and each key takes only its own algorithms, so a public key can
 * never be played as an HMAC secret. Verified tokens are remembered until they expire.
 */
export function makeAuthenticate(policy: TokenPolicy, clock: Clock): Authenticate {
  const secret = new TextEncoder().encode(policy.secret);
  const keySet = policy.jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(policy.jwksUrl));
  const verified = new LRUCache<string, { readonly identity: Identity; readonly expiresAt: number }>({
    max: VERIFIED_TOKENS_KEPT,
  });

  const verify = async (token: string): Promise<JWTPayload> => {
    const bounds = { issuer: policy.issuer, audience: policy.audience, currentDate: new Date(clock()) };
    if (algorithmOf(token) === 'HS256')
      return (await jwtVerify(token, secret, { ...bounds, algorithms: ['HS256'] })).payload;
    if (keySet === undefined) throw errors.unauthenticated('The token must be signed with HS256.');
    return (await jwtVerify(token, keySet, { ...bounds, algorithms: ['RS256', 'ES256'] })).payload;
  };

  return async (token) => {
    if (token === undefined || token === '') throw errors.unauthenticated('A bearer token is missing.');
    const known = verified.get(token);
    if (known !== undefined && known.expiresAt > clock()) return known.identity;
    const payload = await verify(token).catch((cause: unknown) => {
      throw cause instanceof joseErrors.JOSEError ? errors.unauthenticated(reasonOf(cause)) : cause;
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw errors.unauthenticated(`The token's claim ${issue?.path.join('.')} is not valid: ${issue?.message}`);
    }
    const { sub, exp, tenant = `user:${sub}`, tier = policy.defaultTier } = parsed.data;
    const identity: Identity = { user: sub, tenant, tier };
    verified.set(token, { identity, expiresAt: exp * 1000 });
    return identity;
  };
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    throw errors.unauthenticated('The token is not a JSON Web Token.');
  }
}

function reasonOf(error: joseErrors.JOSEError): string {
  if (error instanceof joseErrors.JWTExpired) return 'The token has expired.';
  if (error instanceof joseErrors.JWTClaimValidationFailed) return `The token's claim ${error.claim} is not accepted.`;
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  return 'The token cannot be verified.';
}
