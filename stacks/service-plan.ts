import type { k8s } from 'cdk8s-plus-28';
import type { ImageRef, Resources, ScalingTarget, SettingValues } from '../constructs/index.js';
import type { ServiceSpec, SettingsShape, TaskTopology } from '../contract/index.js';

/** How an environment deploys one service: what the contract cannot know. */
export interface ServicePlan<S extends SettingsShape = SettingsShape> {
  readonly spec: ServiceSpec<S>;
  readonly settings: SettingValues<S>;
  /** Longest piece of work, in seconds, that a pod may be in the middle of when it is told to end. */
  readonly drainSeconds: number;
  /** The queues that it takes its work from. @default none */
  readonly consumes?: readonly TaskTopology[];
  /** Its longest answer to a request. @default the request budget's */
  readonly longestAnswerMs?: number;
  /** Metrics to scale on, beside CPU and memory. @default none */
  readonly scaleOn?: readonly ScalingTarget[];
  /** @default the environment's image of the application */
  readonly image?: ImageRef;
  /** @default the service's name, by which the application's image knows what to run; an image of its own gets none */
  readonly args?: readonly string[];
  /** @default the environment's */
  readonly resources?: Resources;
  /** @default the floor in the contract */
  readonly minReplicas?: number;
  /** @default the environment's */
  readonly maxReplicas?: number;
  /** Where nothing scales. @default the environment's number */
  readonly replicas?: number;
  /** What the process may do in the namespace through the Kubernetes API. @default nothing, and no token */
  readonly permissions?: readonly k8s.PolicyRule[];
}

/** Checks a plan's settings against its service's, and forgets which service it was, so that plans can stand in one list. */
export function servicePlan<S extends SettingsShape>(plan: ServicePlan<S>): ServicePlan {
  return plan;
}
