import { isMapping, listAt, mapAt, textAt } from '../../constructs/check/field.js';
import { clusterOf, type KubeManifest } from '../kube-manifest.js';

/**
 * What stands in a synthesised object for something that AWS tells only when it has made it. Synthesis needs a value, and gets one that
 * is no host's name anywhere (RFC 2606): were it ever to reach a pod, nothing would answer.
 */
export const awaited = {
  cacheHost: 'redis.aws.invalid',
  databaseHost: 'postgres.aws.invalid',
  brokerHost: 'rabbitmq.aws.invalid',
  documentsBucket: 'documents.aws.invalid',
  backupsBucket: 'backups.aws.invalid',
  registry: 'registry.aws.invalid/armature',
} as const;
export type AwaitedName = keyof typeof awaited;

const NAMES = Object.keys(awaited) as AwaitedName[];

/** What a text waits for. */
export function awaitedIn(text: string): readonly AwaitedName[] {
  return NAMES.filter((name) => text.includes(awaited[name]));
}

/** How what is awaited is put in its place, without knowing it yet. */
export interface Fill {
  /** A text that holds something awaited, with what it is. */
  readonly text: (text: string) => unknown;
  /** A digest of that. */
  readonly digest: (text: string) => unknown;
}

/**
 * The objects with what they wait for, field by field: every other field is as it was synthesised. Pods that read a ConfigMap which waits
 * get a digest of what came, for they must roll when it is another.
 */
export function filled(manifests: readonly KubeManifest[], fill: Fill): readonly KubeManifest[] {
  const read = textsRead(manifests);
  return manifests.map((manifest) => {
    const whole = fillIn(manifest, fill) as KubeManifest;
    const text = read.get(manifest);
    return text === undefined ? whole : withDigest(whole, fill.digest(text));
  });
}

function fillIn(value: unknown, fill: Fill): unknown {
  if (typeof value === 'string') return awaitedIn(value).length > 0 ? fill.text(value) : value;
  if (Array.isArray(value)) return value.map((part) => fillIn(part, fill));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fillIn(part, fill)]));
}

/** Of each object with pods that last, what the ConfigMaps that they read wait for. */
function textsRead(manifests: readonly KubeManifest[]): ReadonlyMap<KubeManifest, string> {
  const waiting = new Map(
    manifests
      .filter(({ kind }) => kind === 'ConfigMap')
      .map((manifest) => [manifest.metadata.name, JSON.stringify(manifest.data)] as const)
      .filter(([, text]) => awaitedIn(text).length > 0),
  );
  const texts = clusterOf(manifests)
    .pods.filter(({ owner }) => isMapping(mapAt(owner.value, 'spec.template')) && textAt(owner.value, 'kind') !== 'Job')
    .map(({ owner, spec }) => {
      const names = listAt(spec, 'containers')
        .flatMap((container) => listAt(container, 'envFrom'))
        .flatMap((source) => textAt(source, 'configMapRef.name') ?? []);
      return [owner.value as KubeManifest, names.flatMap((name) => waiting.get(name) ?? []).join('\n')] as const;
    });
  return new Map(texts.filter(([, text]) => text !== ''));
}

function withDigest(manifest: KubeManifest, digest: unknown): KubeManifest {
  const spec = mapAt(manifest, 'spec');
  const template = mapAt(spec, 'template');
  const metadata = mapAt(template, 'metadata');
  const annotations = { ...mapAt(metadata, 'annotations'), 'checksum/aws': digest };
  return { ...manifest, spec: { ...spec, template: { ...template, metadata: { ...metadata, annotations } } } };
}
