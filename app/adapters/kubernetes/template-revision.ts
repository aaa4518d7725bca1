import { createHash } from 'node:crypto';
import type { V1PodTemplateSpec } from '@kubernetes/client-node';

/** What `kubectl rollout restart` writes: the same release, started once more. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** Tells pod templates apart, in ten characters. */
export function templateRevision(template: V1PodTemplateSpec | undefined): string {
  const annotations = { ...template?.metadata?.annotations };
  delete annotations[RESTARTED];
  const judged = { ...template, metadata: { labels: template?.metadata?.labels, annotations } };
  return createHash('sha256').update(JSON.stringify(judged, sortKeys)).digest('hex').slice(0, 10);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
