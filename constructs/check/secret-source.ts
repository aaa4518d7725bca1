import type { Cluster } from './cluster.js';
import { mapAt, textAt } from './field.js';
import type { KubeObject } from './kube-object.js';

/** On an object that names Secrets which no manifest makes: their names, comma-separated. */
export const EXTERNAL_SECRETS_ANNOTATION = 'armature.dev/external-secrets';

/** Kinds that make a Secret: by themselves, or through cert-manager, External Secrets or Sealed Secrets. */
const MAKERS = ['Secret', 'SealedSecret', 'ExternalSecret', 'Certificate'];

/** The name of the Secret that an object of one of the {@link MAKERS} makes. */
function secretName({ name, value }: KubeObject): string {
  return textAt(value, 'spec.target.name') ?? textAt(value, 'spec.secretName') ?? name;
}

/**
 * Whether a Secret that an object names is missing. Secrets may be made elsewhere: one is missed only in a namespace of which the
 * manifests make another, and not where the object says that it comes from outside.
 *
 * @param namespace `undefined` where the Secret may be in any.
 */
export function isSecretMissing(
  cluster: Cluster,
  user: KubeObject,
  namespace: string | undefined,
  name: string,
  makers: readonly string[] = MAKERS,
): boolean {
  const external = String(mapAt(user.value, 'metadata.annotations')[EXTERNAL_SECRETS_ANNOTATION] ?? '');
  if (external.split(/,\s*/).includes(name)) return false;
  const here = cluster.ofKind(...MAKERS).filter((maker) => namespace === undefined || maker.namespace === namespace);
  return here.some(({ kind }) => makers.includes(kind)) && !here.some((maker) => secretName(maker) === name);
}
