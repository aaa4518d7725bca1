import { applyOrder, STEP_NAMES, type Step, stepsBefore } from './apply-order.js';
import { annotated, type KubeManifest } from './kube-manifest.js';
import { lastingData } from './lasting-data.js';
import { movedWeights } from './moved-routes.js';
import { ownedFields } from './owned-fields.js';
import { type ResourceIdentity, resourceIdentity } from './resource-identity.js';

/** One object, and all that is decided about its resource. */
export interface PlannedResource {
  readonly identity: ResourceIdentity;
  readonly manifest: KubeManifest;
  readonly step: Step;
  /** Never deleted by mistake, and left standing when it leaves the program. */
  readonly isLasting: boolean;
  /** Fields that a controller owns after the first apply. */
  readonly ignoreChanges: readonly string[];
}

/** Resources that are made at once, when all of the steps in `after` stand. */
export interface PlannedStep {
  readonly step: Step;
  readonly after: ReadonlySet<Step>;
  readonly resources: readonly PlannedResource[];
}

export interface PlanOptions {
  /** Whether an update waits until pods are ready and Services have endpoints. */
  readonly waitForReady: boolean;
}

/** How Pulumi is to apply these objects: the steps that have any, each after those that it needs. */
export function deploymentPlan(manifests: readonly KubeManifest[], options: PlanOptions): readonly PlannedStep[] {
  const steps = applyOrder(manifests);
  const lasting = lastingData(manifests);
  const owned = ownedFields(manifests);
  const moved = movedWeights(manifests);
  const occupied = STEP_NAMES.filter((step) => [...steps.values()].includes(step));
  return occupied.map((step) => ({
    step,
    after: stepsBefore(step, new Set(occupied)),
    resources: manifests
      .filter((manifest) => steps.get(manifest) === step)
      .map((manifest) => ({
        identity: resourceIdentity(manifest),
        manifest: withPulumiAnnotations(manifest, options, moved.has(manifest)),
        step,
        isLasting: lasting.has(manifest),
        ignoreChanges: owned.get(manifest) ?? [],
      })),
  }));
}

/** What the provider is told of an object by annotations. */
function withPulumiAnnotations(manifest: KubeManifest, { waitForReady }: PlanOptions, isMoved: boolean): KubeManifest {
  const waited = waitForReady ? manifest : annotated(manifest, 'pulumi.com/skipAwait', 'true');
  // The controller that moves the weights becomes the owner of the whole list of routes. A release changes other fields of that
  // list, and must win: its canary then starts anew with the share that the program states.
  return isMoved ? annotated(waited, 'pulumi.com/patchForce', 'true') : waited;
}
