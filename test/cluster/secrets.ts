import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsAdapter } from '../../contract/index.js';
import type { Manifests } from '../../stacks/index.js';
import { selfSigned } from '../system/certificate.js';

/** What tokens are signed with. */
export const jwtSecret = 'a secret of at least thirty-two characters';
/** Signs that a start script can get wrong. */
const passwords: Readonly<Record<string, string>> = {
  redis: 'red"is p\\w $1',
  rabbitmq: 'rabbit"mq p\\w',
  'tokens/jwt-secret': jwtSecret,
};

/** The secrets that an environment requires. */
export function secretsOf({ namespace, requiredSecrets }: Manifests): readonly unknown[] {
  const values = new Map<string, Record<string, string>>();
  for (const { secret, key } of requiredSecrets) {
    const value = passwords[`${secret}/${key}`] ?? passwords[secret] ?? `of-the-test-${secret}`;
    values.set(secret, { ...values.get(secret), [key]: value });
  }
  return [...values].map(([name, stringData]) => secretOf(namespace, name, 'Opaque', stringData));
}

/** The adapter's certificate, which cert-manager makes where it stands, and how who asks the adapter knows it. */
export function adapterCertificate({ namespace }: Manifests): { readonly secret: unknown; readonly caBundle: string } {
  const folder = mkdtempSync(join(tmpdir(), 'armature-certificate-'));
  const { pem, keyFile } = selfSigned(folder, metricsAdapter.name, [`${metricsAdapter.name}.${namespace}.svc`]);
  const data = { 'tls.crt': pem, 'tls.key': readFileSync(keyFile, 'utf8') };
  rmSync(folder, { recursive: true });
  return {
    secret: secretOf(namespace, `${metricsAdapter.name}-tls`, 'kubernetes.io/tls', data),
    caBundle: Buffer.from(pem).toString('base64'),
  };
}

function secretOf(namespace: string, name: string, type: string, stringData: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'Secret', type, metadata: { name, namespace }, stringData };
}
