import { listAt, mapAt } from '../constructs/check/field.js';
import { clusterOf, type KubeManifest } from './kube-manifest.js';
import { movedWeights } from './moved-routes.js';

const AUTOSCALERS = ['HorizontalPodAutoscaler', 'ScaledObject'];
const WEBHOOKS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];

/**
 * Fields of each object that a controller sets after the first apply: the next `pulumi up` must leave them as they stand. Paths are as
 * Pulumi's `ignoreChanges` takes them. Every path but its last part must exist in the object, for Pulumi refuses others.
 */
export function ownedFields(manifests: readonly KubeManifest[]): ReadonlyMap<KubeManifest, readonly string[]> {
  const cluster = clusterOf(manifests);
  const scaled = new Set(cluster.ofKind(...AUTOSCALERS).map((one) => cluster.scaleTarget(one)?.value));
  const weights = movedWeights(manifests);
  return new Map(
    manifests.map((manifest) => [
      manifest,
      [...(scaled.has(manifest) ? ['spec.replicas'] : []), ...(weights.get(manifest) ?? []), ...caBundles(manifest)],
    ]),
  );
}

/** Certificates that cert-manager's injector writes where the API server calls a pod. */
function caBundles(manifest: KubeManifest): readonly string[] {
  const { kind } = manifest;
  if (kind === 'APIService') return ['spec.caBundle'];
  if (WEBHOOKS.includes(kind)) {
    return listAt(manifest, 'webhooks').map((_, i) => `webhooks[${i}].clientConfig.caBundle`);
  }
  const hasWebhook = 'clientConfig' in mapAt(manifest, 'spec.conversion.webhook');
  return hasWebhook ? ['spec.conversion.webhook.clientConfig.caBundle'] : [];
}
