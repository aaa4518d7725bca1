import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWTVerifyGetKey, errors as joseErrors } from 'jose';
import * as z from 'zod';
import { keySetPolicy } from '../../../contract/index.js';
import type { Clock } from '../../runtime/clock.js';

/** The identity provider's keys cannot be had now, so that nobody can say whether a token is good. */
export class KeySetAwayError extends Error {
  override readonly name = 'KeySetAwayError';
  constructor(url: URL, options: ErrorOptions) {
    super(`The key set at ${url.href} cannot be read.`, options);
  }
}

const jsonWebKeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/**
 * The keys behind a JWKS address, fetched when a token first needs one and kept.
 *
 * - An id that is not among them has them fetched again, once in the cooldown: a rotated key works at once, and tokens with made-up
 *   ids cost the provider next to nothing.
 * - While the provider is away, or answers something else, the keys that were there stay good for a stated time. After a fetch that
 *   failed there is a pause: no request waits for what another has just waited for.
 *
 * @throws {KeySetAwayError} when a key is wanted that only the provider could give
 */
export function openKeySet(url: URL, clock: Clock, policy = keySetPolicy): JWTVerifyGetKey {
  let kept: { readonly at: number; readonly find: ReturnType<typeof createLocalJWKSet> } | undefined;
  let failed: { readonly at: number; readonly error: KeySetAwayError } | undefined;

  const remote = createRemoteJWKSet(url, {
    cooldownDuration: policy.cooldownMs,
    cacheMaxAge: policy.maxAgeMs,
    timeoutDuration: policy.timeoutMs,
    [customFetch]: async (address, request) => {
      if (failed !== undefined && clock() - failed.at < policy.pauseMs) throw failed.error;
      try {
        const keys = await readKeys(await fetch(address, request), policy.bytes);
        kept = { at: clock(), find: createLocalJWKSet(keys) };
        failed = undefined;
        return Response.json(keys);
      } catch (cause) {
        failed = { at: clock(), error: new KeySetAwayError(url, { cause }) };
        throw failed.error;
      }
    },
  });

  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (!(error instanceof KeySetAwayError)) throw error;
      if (kept === undefined || clock() - kept.at > policy.staleMs) throw error;
      return kept.find(header, token).catch((reason: unknown) => {
        // A key that was not there then may be there now.
        throw reason instanceof joseErrors.JWKSNoMatchingKey ? error : reason;
      });
    }
  };
}

async function readKeys({ status, body }: Response, limitBytes: number) {
  if (status !== 200) throw new Error(`It answered ${status}.`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > limitBytes) throw new Error(`It answered more than ${limitBytes} bytes.`);
    parts.push(part);
  }
  return jsonWebKeySet.parse(JSON.parse(Buffer.concat(parts).toString()));
}
