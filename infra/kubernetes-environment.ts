import * as pulumi from '@pulumi/pulumi';
import type { Step } from './apply-order.js';
import type { PlannedResource, PlannedStep } from './deployment-plan.js';

/** An object of any kind, by its type's token. */
class KubernetesObject extends pulumi.CustomResource {}

/**
 * The objects of one environment as resources, in the order of their plan.
 *
 * Each is registered by its type's token: the classes of @pulumi/kubernetes add nothing to an object that is complete, and to load
 * them takes seconds.
 */
export class KubernetesEnvironment extends pulumi.ComponentResource {
  /** By step, in the order of an apply. */
  readonly resources: ReadonlyMap<Step, readonly pulumi.CustomResource[]>;

  /** @param awaited what must stand before a step beside the steps before it. @default nothing */
  constructor(
    name: string,
    plan: readonly PlannedStep[],
    options: pulumi.ComponentResourceOptions,
    awaited: Readonly<Partial<Record<Step, readonly pulumi.Resource[]>>> = {},
  ) {
    super('armature:index:KubernetesEnvironment', name, {}, options);
    const made = new Map<Step, readonly pulumi.CustomResource[]>();
    for (const { step, after, resources } of plan) {
      const dependsOn = [...[...after].flatMap((before) => made.get(before) ?? []), ...(awaited[step] ?? [])];
      made.set(
        step,
        resources.map((resource) => register(resource, { parent: this, dependsOn })),
      );
    }
    this.resources = made;
    this.registerOutputs();
  }
}

function register(
  { identity, manifest, isLasting, ignoreChanges }: PlannedResource,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  return new KubernetesObject(identity.type, identity.name, manifest, {
    ...options,
    aliases: identity.formerTypes.map((type) => ({ type })),
    protect: isLasting,
    retainOnDelete: isLasting,
    ignoreChanges: [...ignoreChanges],
    // As the class of Secrets does: what the cluster gives back is as secret as what it got.
    additionalSecretOutputs: manifest.kind === 'Secret' ? ['data', 'stringData'] : [],
  });
}
