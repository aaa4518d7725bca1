import type { Placement, Slo } from '../../contract/index.js';
import type { EnvironmentConfig } from '../../stacks/index.js';
import type { HpaSpec } from '../hpa/index.js';
import type { Assumptions } from './assumptions.js';
import type { ModelMix } from './model-mix.js';
import type { RequestProgram } from './request-program.js';

/** What a metric of an autoscaler reads in the model. */
export type Signal =
  | { readonly kind: 'cpu' | 'memory' | 'backlog' | 'silent' }
  /** A quantile of a pod's own answers; `summed` over the pods where KEDA hands it over as one number. */
  | { readonly kind: 'quantile'; readonly quantile: number; readonly summed: boolean }
  /** Requests per second, of each pod or of all. */
  | { readonly kind: 'rate'; readonly of: 'pod' | 'all' };

export interface PodRequests {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

/** One Deployment of the application. */
export interface WorkloadModel {
  readonly name: string;
  readonly service: string;
  /** Share of its service's requests: a canary has few. */
  readonly trafficShare: number;
  readonly pool: string;
  /** What a pod requests, its proxy included. */
  readonly requests: PodRequests;
  readonly sidecar: boolean;
  /** Requests whose own work a pod does at once, and how fast against a whole core. */
  readonly threads: number;
  readonly coreShare: number;
  /** Tasks that a pod has in hand at once: of the consumer of the queues only. */
  readonly slots?: number;
  /** From the end of its boot to its first good readiness probe, on the mean. */
  readonly readinessSeconds: number;
  /** Longest that a pod which is told to end goes on. */
  readonly drainSeconds: number;
  /** Replicas where nothing scales it, and at the start. */
  readonly replicas: number;
  readonly autoscaler?: { readonly spec: HpaSpec; readonly signals: readonly Signal[] };
}

/** Pods that stand there whatever the load: stores, monitoring. */
export interface StandingPods {
  readonly name: string;
  readonly component: 'stores' | 'observability' | 'application';
  readonly pool: string;
  readonly replicas: number;
  readonly requests: PodRequests;
  readonly storageBytes: number;
}

/** Nodes of one kind. */
export interface PoolModel {
  readonly key: string;
  readonly placements: readonly Placement[];
  readonly instanceType: string;
  readonly allocatable: PodRequests & { readonly pods: number };
  readonly maxNodes: number;
}

/** What an environment's props say of the number of replicas. */
export type ScalingProps = Pick<EnvironmentConfig, 'scaling' | 'services'>;

/** An environment as the simulator sees it. */
export interface System {
  readonly environment: string;
  readonly region: string;
  readonly props: ScalingProps;
  readonly workloads: readonly WorkloadModel[];
  readonly standing: readonly StandingPods[];
  readonly pools: readonly PoolModel[];
  readonly requests: readonly RequestProgram[];
  readonly models: ModelMix;
  readonly slos: readonly Slo[];
  /** Stores outside the cluster, by name. */
  readonly managed: readonly string[];
  /** Whether there is an entrance with a load balancer. */
  readonly entrance: boolean;
  readonly assumed: Assumptions;
  /** All of it runs on one thread, as `npm start` does: request by request only. @default false: each pod on its own */
  readonly oneProcess?: boolean;
  /** What the model leaves out of this environment, in words. */
  readonly notes: readonly string[];
}
