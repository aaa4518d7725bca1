import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, exportSPKI, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { keySetPolicy, TOKEN_ALGORITHMS, verifiedTokens } from '../../../contract/index.js';
import { JwksServer, makeSigningKey, type SigningKey } from './jwks-server.fixture.js';
import { makeVerifyToken, type TokenPolicy } from './verify-token.js';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'a secret of more than thirty-two characters';
const policy: TokenPolicy = {
  secret: SECRET,
  algorithms: TOKEN_ALGORITHMS,
  issuer: 'armature',
  audience: 'armature',
  defaultTier: 'free',
};

interface Overrides {
  readonly claims?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: number;
  readonly header?: { alg: string; kid?: string; jwk?: JWK; jku?: string };
}

function token(key: Parameters<SignJWT['sign']>[0], overrides: Overrides = {}): Promise<string> {
  const { claims = {}, issuer = 'armature', audience = 'armature', header = { alg: 'HS256' } } = overrides;
  const exp = overrides.expiresAt ?? NOW / 1000 + 24 * 3600;
  return new SignJWT({ sub: 'ada', exp, ...claims })
    .setProtectedHeader(header)
    .setIssuer(issuer)
    .setAudience(audience)
    .sign(key);
}
const bytes = (text: string) => new TextEncoder().encode(text);
const secret = bytes(SECRET);
const critical = () =>
  new SignJWT({ sub: 'ada' })
    .setProtectedHeader({ alg: 'HS256', crit: ['mine'], mine: true })
    .sign(secret, { crit: { mine: true } });
const unsigned = () =>
  new UnsecuredJWT({ sub: 'ada' }).setIssuer('armature').setAudience('armature').setExpirationTime(NOW).encode();

describe('a token', () => {
  let now = NOW;
  beforeEach(() => {
    now = NOW;
  });
  const verify = makeVerifyToken(policy, () => now);

  it('gives user, tenant and tier', async () => {
    const signed = await token(secret, { claims: { tier: 'enterprise', tenant: 'acme' } });
    expect(await verify(signed)).toEqual({ user: 'ada', tenant: 'acme', tier: 'enterprise' });
  });

  it('without a tenant shares nothing with other users, and without a tier has the default one', async () => {
    expect(await verify(await token(secret))).toEqual({ user: 'ada', tenant: 'user:ada', tier: 'free' });
  });

  it.each([
    ['that is none', async () => 'hello', 'not a JSON Web Token'],
    ['that has expired', () => token(secret, { expiresAt: NOW / 1000 - 1 }), 'expired'],
    ['that expires now', () => token(secret, { expiresAt: NOW / 1000 }), 'expired'],
    ['without an expiry', () => token(secret, { claims: { exp: undefined } }), 'claim exp'],
    [
      'that is valid from a later time (nbf)',
      () => token(secret, { claims: { nbf: NOW / 1000 + 60 } }),
      'not valid yet',
    ],
    ['signed with another secret', () => token(bytes('another secret of more than thirty-two')), 'signature is wrong'],
    ['of another issuer', () => token(secret, { issuer: 'someone' }), 'claim iss'],
    ['for another audience', () => token(secret, { audience: 'someone' }), 'claim aud'],
    ['without a subject', () => token(secret, { claims: { sub: '' } }), 'claim sub'],
    // No store keeps the one, and no header carries the others to the services: they were answered 500.
    ['of a user with U+0000', () => token(secret, { claims: { sub: 'a\0b' } }), 'claim sub'],
    ['of a user with half a surrogate pair', () => token(secret, { claims: { sub: 'a\ud800' } }), 'claim sub'],
    ['of a user with a long name', () => token(secret, { claims: { sub: 'a'.repeat(256) } }), 'claim sub'],
    [
      'of the tenant that another user has alone',
      () => token(secret, { claims: { tenant: 'user:bob' } }),
      'claim tenant',
    ],
    ['that expires with words', () => token(secret, { claims: { exp: 'tomorrow' } }), 'claim exp'],
    ['that must be understood further (crit)', () => critical(), 'cannot be verified'],
    ['of a tier that does not exist', () => token(secret, { claims: { tier: 'gold' } }), 'claim tier'],
    ['that is not signed (alg none)', async () => unsigned(), 'must be signed with'],
    [
      'signed with an algorithm beside the list',
      () => token(secret, { header: { alg: 'HS512' } }),
      'must be signed with',
    ],
  ])('%s is refused', async (_, make, reason) => {
    await expect(verify(await make())).rejects.toMatchObject({ status: 401, message: expect.stringContaining(reason) });
  });

  it('is refused when its algorithm is taken off the list', async () => {
    const strict = makeVerifyToken({ ...policy, algorithms: ['RS256'] }, () => now);
    await expect(strict(await token(secret))).rejects.toMatchObject({
      status: 401,
      message: 'The token must be signed with RS256.',
    });
  });

  it('that was verified before is refused once it has expired', async () => {
    const signed = await token(secret, { expiresAt: NOW / 1000 + 60 });
    await verify(signed);
    now += 59_999;
    await verify(signed);
    now += 1;
    await expect(verify(signed)).rejects.toMatchObject({ status: 401, message: expect.stringContaining('expired') });
  });

  it('is refused for its algorithm where no identity provider is known', async () => {
    const { privateKey } = await makeSigningKey('k1', 'RS256');
    const signed = await token(privateKey, { header: { alg: 'RS256', kid: 'k1' } });
    await expect(verify(signed)).rejects.toMatchObject({ status: 401, message: expect.stringContaining('RS256') });
  });
});

describe('a token of an identity provider', () => {
  let old: SigningKey;
  let next: SigningKey;
  let rsa: SigningKey;
  let provider: JwksServer;
  let now: number;
  let verify: ReturnType<typeof makeVerifyToken>;
  const signedBy = ({ privateKey, kid, algorithm }: SigningKey, claims: Record<string, unknown> = {}) =>
    token(privateKey, { claims, header: { alg: algorithm, kid } });
  // Each is another token, which no verifier remembers.
  const another = (key: SigningKey) => signedBy(key, { jti: crypto.randomUUID() });
  const accepted = { user: 'ada' };

  beforeAll(async () => {
    [old, next, rsa] = await Promise.all([
      makeSigningKey('old'),
      makeSigningKey('next'),
      makeSigningKey('rsa', 'RS256'),
    ]);
  });
  beforeEach(async () => {
    now = NOW;
    // The library that keeps the keys asks the system for the time.
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    provider = new JwksServer();
    await provider.start();
    await provider.rotateTo(old, rsa);
    verify = makeVerifyToken({ ...policy, jwksUrl: provider.url }, () => now);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await provider.stop();
  });

  it('is verified by RS256 and by ES256, with one look at the key set for many tokens', async () => {
    for (const key of [old, rsa, old, rsa]) expect(await verify(await another(key))).toMatchObject(accepted);
    expect(provider.asked).toBe(1);
  });

  it('that many ask about at once has the key set read once', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => another(old)));
    await Promise.all(tokens.map(verify));
    expect(provider.asked).toBe(1);
  });

  it('is verified by a key that was rotated in, after one more look', async () => {
    await verify(await another(old));
    await provider.rotateTo(old, next);
    now += keySetPolicy.cooldownMs;
    expect(await verify(await another(next))).toMatchObject(accepted);
    expect(provider.asked).toBe(2);
  });

  it('of a made-up key id is refused, and has the key set read no more than once in the cooldown', async () => {
    await verify(await another(old));
    const stranger = { ...next, kid: 'made-up' };
    for (let i = 0; i < 10; i += 1) {
      now += keySetPolicy.cooldownMs / 10;
      await expect(verify(await another(stranger))).rejects.toMatchObject({
        status: 401,
        message: expect.stringContaining('a key that its issuer does not have'),
      });
    }
    expect(provider.asked).toBe(2);
  });

  it('is refused after its key was withdrawn, remembered or not', async () => {
    const remembered = await another(old);
    await verify(remembered);
    await provider.rotateTo(next);
    now += Math.max(keySetPolicy.maxAgeMs, verifiedTokens.ttlMs);
    for (const one of [remembered, await another(old)])
      await expect(verify(one)).rejects.toMatchObject({ status: 401 });
  });

  it('signed by HMAC with the public key is refused (algorithm confusion)', async () => {
    const forged = await token(bytes(await exportSPKI(rsa.publicKey)), { header: { alg: 'HS256', kid: 'rsa' } });
    await expect(verify(forged)).rejects.toMatchObject({ status: 401, message: expect.stringContaining('signature') });
  });

  it('that names the key of another algorithm is refused', async () => {
    const forged = await token(next.privateKey, { header: { alg: 'ES256', kid: 'rsa' } });
    await expect(verify(forged)).rejects.toMatchObject({ status: 401 });
  });

  it('that brings its own key (jwk), or says where to find one (jku), is refused', async () => {
    const jwk = await exportJWK(next.publicKey);
    for (const header of [{ jwk }, { jku: 'http://127.0.0.1:1/' }]) {
      const forged = await token(next.privateKey, { header: { alg: 'ES256', kid: 'next', ...header } });
      await expect(verify(forged)).rejects.toMatchObject({
        status: 401,
        message: expect.stringContaining('a key that its issuer does not have'),
      });
    }
  });

  it('that does not say which of several keys it is signed with is told so', async () => {
    await provider.rotateTo(old, next);
    await expect(verify(await token(old.privateKey, { header: { alg: 'ES256' } }))).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('kid'),
    });
  });

  // What its library says of them is no refusal: they were answered 500.
  it.each([
    ['is too short to be trusted', { n: 'q'.repeat(171) }],
    ['is broken', { n: undefined }],
  ])('whose key in the set %s is refused', async (_, damage) => {
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', ...damage };
    provider.answer = (response) => response.end(JSON.stringify({ keys: [jwk] }));
    await expect(verify(await another(rsa))).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('cannot be used'),
    });
  });

  it('that is not signed (alg none) is refused', async () => {
    await expect(verify(unsigned())).rejects.toMatchObject({ status: 401 });
  });

  it.each<[string, () => Promise<void> | void]>([
    ['is gone', () => provider.stop()],
    [
      'fails',
      () => {
        provider.answer = (response) => response.writeHead(500).end('{}');
      },
    ],
    [
      'answers a web page',
      () => {
        provider.answer = (response) => response.end('<html>Sign in</html>');
      },
    ],
    [
      'answers JSON that is no key set',
      () => {
        provider.answer = (response) => response.end('{"keys":"soon"}');
      },
    ],
    [
      'sends elsewhere',
      () => {
        provider.answer = (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      },
    ],
  ])('is still verified by known keys while the provider %s, for a stated time', async (_, leave) => {
    await verify(await another(old));
    await leave();
    now += keySetPolicy.maxAgeMs;
    expect(await verify(await another(old))).toMatchObject(accepted);
    // What only the provider could tell is nobody's fault.
    await expect(verify(await another(next))).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    now = NOW + keySetPolicy.staleMs + 1;
    await expect(verify(await another(old))).rejects.toMatchObject({ status: 503 });
  });

  it('waits for no more of a key set than a stated size', async () => {
    provider.answer = function more(response): void {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
      response.once('drain', () => more(response));
    };
    await expect(verify(await another(old))).rejects.toMatchObject({
      status: 503,
      cause: { cause: { message: `It answered more than ${keySetPolicy.bytes} bytes.` } },
    });
  });

  it('waits for a provider that is away once in the pause, and is verified when it is back', async () => {
    provider.answer = (response) => response.writeHead(503).end();
    for (let i = 0; i < 5; i += 1) await expect(verify(await another(old))).rejects.toMatchObject({ status: 503 });
    expect(provider.asked).toBe(1);
    await provider.rotateTo(old);
    now += keySetPolicy.pauseMs;
    expect(await verify(await another(old))).toMatchObject(accepted);
  });
});
