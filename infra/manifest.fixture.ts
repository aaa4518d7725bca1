import type { KubeManifest } from './kube-manifest.js';

/** A small object of a kind. */
export function manifest(kind: string, name: string, fields: Readonly<Record<string, unknown>> = {}): KubeManifest {
  const { apiVersion = 'v1', namespace = 'team', labels, ...rest } = fields;
  const isClusterWide = namespace === null;
  return {
    apiVersion: String(apiVersion),
    kind,
    metadata: {
      name,
      ...(!isClusterWide && { namespace: String(namespace) }),
      ...(labels !== undefined && { labels: labels as Record<string, string> }),
    },
    ...rest,
  };
}

/** A Deployment or StatefulSet whose pods bear its name as label. */
export function workload(
  kind: string,
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  volumes: readonly unknown[] = [],
): KubeManifest {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name }], volumes } };
  return manifest(kind, name, { apiVersion: 'apps/v1', spec: { template, ...spec } });
}
