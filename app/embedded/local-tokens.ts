import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { tokenSettings } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import { hasErrorCode } from '../runtime/error-code.js';
import type { Identity } from '../runtime/identity.js';

const TOKEN_LIFETIME_SECONDS = 24 * 3600;

/** Issuer and audience of local tokens: the settings' defaults. */
export const localIssuer = {
  issuer: tokenSettings.jwtIssuer.default,
  audience: tokenSettings.jwtAudience.default,
} as const;

/** The secret that local tokens are signed with: kept beside the data, so that a token survives a restart, else new each time. */
export async function localSecret(dataDir: string | undefined): Promise<string> {
  if (dataDir === undefined) return newSecret();
  const path = join(dataDir, 'jwt-secret');
  try {
    await writeFile(path, newSecret(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}

/** Signs a token as an identity provider would, for trying things out on one machine. */
export function signToken(secret: string, identity: Identity, clock: Clock): Promise<string> {
  const now = Math.floor(clock() / 1000);
  return new SignJWT({ tier: identity.tier, tenant: identity.tenant })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(identity.user)
    .setIssuer(localIssuer.issuer)
    .setAudience(localIssuer.audience)
    .setIssuedAt(now)
    .setExpirationTime(now + TOKEN_LIFETIME_SECONDS)
    .sign(new TextEncoder().encode(secret));
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}
