/** One pod of the target, as the API server and the metrics APIs tell of it. Times are in ms since some fixed moment. */
export interface PodObservation {
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly isBeingDeleted?: boolean;
  /** Undefined before the kubelet took the pod. */
  readonly startedAtMs?: number | undefined;
  /** The pod's Ready condition; undefined while it has none. */
  readonly ready?: { readonly isTrue: boolean; readonly sinceMs: number } | undefined;
  /** What its containers request together, in thousandths: millicores, and thousandths of a byte. */
  readonly requestsMilli: RequestsMilli;
  /** The same of each container by its name: for metrics of type ContainerResource. */
  readonly containers?: Readonly<Record<string, RequestsMilli>> | undefined;
  /** It stands for so many pods that are alike in all but their names, samples too. @default 1 */
  readonly count?: number | undefined;
}

export type RequestsMilli = Readonly<Record<string, number>>;

/** A pod's value of one metric. */
export interface PodSample {
  readonly valueMilli: number;
  readonly takenAtMs: number;
  /** The time that the value is a mean of. */
  readonly windowMs: number;
}

/**
 * What a metrics API answered for one metric: of each pod that it knows, or values that belong to no pod. Undefined where it gave
 * an error.
 */
export type MetricReading =
  | { readonly byPod: ReadonlyMap<string, PodSample> }
  | { readonly valuesMilli: readonly number[] }
  | undefined;

/** All that the controller looks at in one sync. */
export interface Observation {
  /** Replicas that the target asks for. */
  readonly specReplicas: number;
  /** Replicas that it has, ready or not. */
  readonly statusReplicas: number;
  readonly pods: readonly PodObservation[];
  /** One for each metric of the spec, in its order. */
  readonly readings: readonly MetricReading[];
}

/** Flags of kube-controller-manager that bear on the number of replicas. */
export interface ControllerOptions {
  /** A ratio of usage to target so near to 1 changes nothing. */
  readonly tolerance: number;
  /** For so long after a pod's start its CPU counts only while it is ready. */
  readonly cpuInitializationMs: number;
  /** A pod that becomes unready so soon after its start has never been ready. */
  readonly initialReadinessDelayMs: number;
  /** Window of stabilisation where the spec states none. */
  readonly downscaleStabilizationMs: number;
  /** Whether the feature gate HPAConfigurableTolerance is on. Off by default in 1.34. */
  readonly configurableTolerance: boolean;
}

/** Defaults of kube-controller-manager 1.34 (`--horizontal-pod-autoscaler-…`). */
export const CONTROLLER_DEFAULTS: ControllerOptions = {
  tolerance: 0.1,
  cpuInitializationMs: 300_000,
  initialReadinessDelayMs: 30_000,
  downscaleStabilizationMs: 300_000,
  configurableTolerance: false,
};
