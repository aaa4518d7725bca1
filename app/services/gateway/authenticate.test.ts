import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { makeAuthenticate, type TokenPolicy } from './authenticate.js';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'a secret of more than thirty-two characters';
const policy: TokenPolicy = { secret: SECRET, issuer: 'armature', audience: 'armature', defaultTier: 'free' };

interface Overrides {
  readonly claims?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: number;
  readonly subject?: string;
  readonly header?: { alg: string; kid?: string };
}

function token(key: Parameters<SignJWT['sign']>[0], overrides: Overrides = {}): Promise<string> {
  const {
    claims = {},
    issuer = 'armature',
    audience = 'armature',
    subject = 'ada',
    header = { alg: 'HS256' },
  } = overrides;
  return new SignJWT(claims)
    .setProtectedHeader(header)
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(overrides.expiresAt ?? NOW / 1000 + 60)
    .sign(key);
}
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a token', () => {
  let now = NOW;
  const authenticate = makeAuthenticate(policy, () => now);

  it('gives user, tenant and tier', async () => {
    const signed = await token(bytes(SECRET), { claims: { tier: 'enterprise', tenant: 'acme' } });
    expect(await authenticate(signed)).toEqual({ user: 'ada', tenant: 'acme', tier: 'enterprise' });
  });

  it('without a tenant shares nothing with other users, and without a tier has the default one', async () => {
    expect(await authenticate(await token(bytes(SECRET)))).toEqual({ user: 'ada', tenant: 'user:ada', tier: 'free' });
  });

  it.each([
    ['missing', async () => undefined, 'missing'],
    ['no token at all', async () => 'hello', 'not a JSON Web Token'],
    ['expired', () => token(bytes(SECRET), { expiresAt: NOW / 1000 - 1 }), 'expired'],
    ['signed with another secret', () => token(bytes('another secret of more than thirty-two')), 'signature is wrong'],
    ['of another issuer', () => token(bytes(SECRET), { issuer: 'someone' }), 'claim iss'],
    ['for another audience', () => token(bytes(SECRET), { audience: 'someone' }), 'claim aud'],
    ['of a tier that does not exist', () => token(bytes(SECRET), { claims: { tier: 'gold' } }), 'claim tier'],
    [
      'not signed',
      async () =>
        new UnsecuredJWT({ sub: 'ada' }).setIssuer('armature').setAudience('armature').setExpirationTime('1h').encode(),
      'HS256',
    ],
    ['signed with a longer HMAC than is allowed', () => token(bytes(SECRET), { header: { alg: 'HS512' } }), 'HS256'],
  ])('%s is refused', async (_, make, reason) => {
    await expect(authenticate(await make())).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining(reason),
    });
  });

  it('that was verified before is refused once it has expired', async () => {
    const signed = await token(bytes(SECRET));
    await authenticate(signed);
    now += 61_000;
    await expect(authenticate(signed)).rejects.toMatchObject({ status: 401 });
    now = NOW;
  });
});

describe('a token of an identity provider', () => {
  let server: Server;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let jwksUrl: string;

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    server = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('is verified by its key set', async () => {
    const authenticate = makeAuthenticate({ ...policy, jwksUrl }, () => NOW);
    const signed = await token(keys.privateKey, { header: { alg: 'RS256', kid: 'k1' } });
    expect(await authenticate(signed)).toMatchObject({ user: 'ada' });
  });

  it('cannot be forged by using the public key as an HMAC secret', async () => {
    const authenticate = makeAuthenticate({ ...policy, jwksUrl }, () => NOW);
    const forged = await token(bytes(await exportSPKI(keys.publicKey)), { header: { alg: 'HS256', kid: 'k1' } });
    await expect(authenticate(forged)).rejects.toMatchObject({ status: 401 });
  });

  it('is refused where no key set is configured', async () => {
    const signed = await token(keys.privateKey, { header: { alg: 'RS256', kid: 'k1' } });
    await expect(makeAuthenticate(policy, () => NOW)(signed)).rejects.toMatchObject({ status: 401 });
  });
});
