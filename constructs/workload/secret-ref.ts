import type { k8s } from 'cdk8s-plus-28';
import * as z from 'zod';

/** One key of a Secret that stands in the platform's namespace. Its value never passes through synthesis. */
export const secretRef = z.strictObject({
  secret: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
      'must be the name of a Secret: lower case letters, digits, dots, dashes',
    ),
  key: z.string().regex(/^[\w.-]+$/, 'must be a key of the Secret: letters, digits, dots, dashes, underscores'),
});
export type SecretRef = Readonly<z.infer<typeof secretRef>>;

/** The key of a Secret. */
export function secretKey(secret: string, key: string): SecretRef {
  return { secret, key };
}

const MOUNT_ROOT = '/var/run/secrets/armature';

/** Path under which a mounted secret is read. */
export function secretPath({ secret, key }: SecretRef): string {
  return `${MOUNT_ROOT}/${secret}/${key}`;
}

export interface SecretFiles {
  readonly volumes: k8s.Volume[];
  readonly mounts: k8s.VolumeMount[];
}

/** Mounts exactly the given keys, each Secret once, readable by the pod's own group only. */
export function mountSecrets(refs: readonly SecretRef[]): SecretFiles {
  const keys = new Map<string, Set<string>>();
  for (const { secret, key } of refs) keys.set(secret, (keys.get(secret) ?? new Set()).add(key));
  const names = [...keys.keys()].sort();
  return {
    volumes: names.map((secret) => ({
      name: volumeName(secret),
      secret: {
        secretName: secret,
        defaultMode: 0o440,
        items: [...(keys.get(secret) ?? [])].sort().map((key) => ({ key, path: key })),
      },
    })),
    mounts: names.map((secret) => ({ name: volumeName(secret), mountPath: `${MOUNT_ROOT}/${secret}`, readOnly: true })),
  };
}

function volumeName(secret: string): string {
  return `secret-${secret.replaceAll('.', '-')}`;
}
