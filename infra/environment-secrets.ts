import { mapAt } from '../constructs/check/field.js';
import type { SecretRef } from '../constructs/index.js';
import type { KubeManifest } from './kube-manifest.js';
import type { StackConfigProblem } from './stack-config-error.js';

/** Values by the Secret's name and key, in clear. */
export type SecretValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is wrong with `secrets` in a stack's configuration: keys that are missing or empty, and keys that nothing reads. */
export function secretProblems(
  { secrets, secretsFrom }: Readonly<Record<string, unknown>>,
  required: readonly SecretRef[],
): readonly StackConfigProblem[] {
  if (secretsFrom === 'cluster') {
    const allowed = 'must not be set with secretsFrom "cluster": something there makes the Secrets';
    return secrets === undefined ? [] : [{ key: 'secrets', value: '(secret)', allowed }];
  }
  const given = Object.entries(mapAt({ secrets }, 'secrets')).flatMap(([secret, keys]) =>
    Object.entries(mapAt({ keys }, 'keys')).map(([key, value]) => ({ secret, key, value })),
  );
  const missing = required.filter((ref) => !given.some((one) => isSame(one, ref) && one.value !== ''));
  const unread = given.filter((one) => !required.some((ref) => isSame(one, ref)));
  return [
    ...missing.map((ref) => ({
      key: pathOf(ref),
      value: '(missing)',
      allowed: `must have a value. Fix: pulumi config set --path --secret 'armature:${pathOf(ref)}'`,
    })),
    ...unread.map((ref) => ({ key: pathOf(ref), value: '(secret)', allowed: 'is a key that nothing reads' })),
  ];
}

function isSame(a: SecretRef, b: SecretRef): boolean {
  return a.secret === b.secret && a.key === b.key;
}

/** As `pulumi config set --path` takes it: a part that has a dot stands in brackets. */
function pathOf({ secret, key }: SecretRef): string {
  return ['secrets', secret, key]
    .map((part) => (part.includes('.') ? `["${part}"]` : `.${part}`))
    .join('')
    .slice(1);
}

/** The Secrets of an environment. Only `seal` sees a value: what it returns, in base64, is in the objects. */
export function secretManifests<Value>(
  namespace: string,
  values: Readonly<Record<string, Readonly<Record<string, Value>>>>,
  seal: (value: Value) => unknown,
): readonly KubeManifest[] {
  return Object.entries(values).map(([name, keys]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, seal(value)])),
  }));
}
