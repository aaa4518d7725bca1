import { decodeProtectedHeader, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { TIERS, type Tier, type TokenAlgorithm, verifiedTokens } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { type Identity, identityName, isTenantOfOther, tenantOfOne } from '../../runtime/identity.js';
import { KeySetAwayError, openKeySet } from './key-set.js';

export interface TokenPolicy {
  /** HS256 secret, at least 256 bits. */
  readonly secret: string;
  /** Key set for RS256 and ES256. @default such tokens are refused */
  readonly jwksUrl?: string | undefined;
  /** Algorithms that are taken; a token's own header chooses among these only. */
  readonly algorithms: readonly TokenAlgorithm[];
  readonly issuer: string;
  readonly audience: string;
  /** Tier of a token that names none. */
  readonly defaultTier: Tier;
}

const claims = z
  .object({
    sub: identityName,
    exp: z.number(),
    tenant: identityName.optional(),
    tier: z.enum(TIERS).optional(),
  })
  .refine(({ sub, tenant }) => tenant === undefined || !isTenantOfOther(tenant, sub), {
    path: ['tenant'],
    error: 'is the tenant of another user alone',
  });

/** How long a 503 tells to wait for the identity provider. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Makes the verifier of JSON Web Tokens. The algorithm decides which key is used and each key takes only its own algorithms, so a
 * public key can never be played as an HMAC secret. Verified tokens are remembered for a while, and never past their expiry.
 *
 * @returns a function that throws 401 saying what is wrong with a token, and 503 while the keys to judge it by cannot be had
 */
export function makeVerifyToken(policy: TokenPolicy, clock: Clock): (token: string) => Promise<Identity> {
  const secret = new TextEncoder().encode(policy.secret);
  const keySet = policy.jwksUrl === undefined ? undefined : openKeySet(new URL(policy.jwksUrl), clock);
  const verified = new LRUCache<string, { readonly identity: Identity; readonly goodUntil: number }>({
    max: verifiedTokens.entries,
    maxSize: verifiedTokens.characters,
    sizeCalculation: (_, token) => token.length,
  });

  const verify = async (token: string): Promise<JWTPayload> => {
    const algorithm = policy.algorithms.find((one) => one === algorithmOf(token));
    if (algorithm === undefined)
      throw errors.unauthenticated(`The token must be signed with ${policy.algorithms.join(' or ')}.`);
    const bounds = { issuer: policy.issuer, audience: policy.audience, currentDate: new Date(clock()) };
    if (algorithm === 'HS256') return (await jwtVerify(token, secret, { ...bounds, algorithms: [algorithm] })).payload;
    if (keySet === undefined)
      throw errors.unauthenticated(`The token is signed with ${algorithm}, and no identity provider is known here.`);
    return (await jwtVerify(token, keySet, { ...bounds, algorithms: [algorithm] }).catch(tellUnusableKey)).payload;
  };

  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined && known.goodUntil > clock()) return known.identity;
    const payload = await verify(token).catch((cause: unknown) => {
      throw toldToCaller(cause);
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw errors.unauthenticated(`The token's claim ${issue?.path.join('.')} is not valid: ${issue?.message}`);
    }
    const { sub, exp, tenant = tenantOfOne(sub), tier = policy.defaultTier } = parsed.data;
    const identity: Identity = { user: sub, tenant, tier };
    verified.set(token, { identity, goodUntil: Math.min(exp * 1000, clock() + verifiedTokens.ttlMs) });
    return identity;
  };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    throw errors.unauthenticated('The token is not a JSON Web Token.');
  }
}

/** A key set may hold a key that is broken, or too short to be trusted: whoever names it in a token is refused, as by any other wrong key. */
function tellUnusableKey(cause: unknown): never {
  if (cause instanceof TypeError || cause instanceof DOMException)
    throw errors.unauthenticated(`The token is signed with a key of its issuer that cannot be used: ${cause.message}.`);
  throw cause;
}

function toldToCaller(cause: unknown): unknown {
  if (cause instanceof KeySetAwayError)
    return Object.assign(errors.unavailable('The identity provider', RETRY_AFTER_SECONDS), { cause });
  return cause instanceof joseErrors.JOSEError ? errors.unauthenticated(reasonOf(cause)) : cause;
}

function reasonOf(error: joseErrors.JOSEError): string {
  if (error instanceof joseErrors.JWTExpired) return 'The token has expired.';
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? 'The token is not valid yet (claim nbf).'
      : `The token's claim ${error.claim} is not accepted.`;
  }
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  if (error instanceof joseErrors.JWKSNoMatchingKey)
    return 'The token is signed with a key that its issuer does not have.';
  if (error instanceof joseErrors.JWKSMultipleMatchingKeys)
    return 'The token does not say which of the keys of its issuer it is signed with (header kid).';
  return 'The token cannot be verified.';
}
