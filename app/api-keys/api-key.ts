import { createHash, randomBytes } from 'node:crypto';

/** What every API key begins with, so that it is known from a JSON Web Token, and by scanners of leaked secrets. */
const PREFIX = 'ak_';
const KEY_BYTES = 32;

/** A new key, from the system's own source of randomness: `ak_` and 256 bits in base64url. */
export function makeApiKey(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString('base64url');
}

export function isApiKey(token: string): boolean {
  return token.startsWith(PREFIX);
}

/**
 * What is kept of a key. One round of SHA-256 is right for it: a slow hash makes guessing a person's password dear, and 256 random bits
 * cannot be guessed however cheap a guess is; every request would pay for the slowness instead.
 */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
