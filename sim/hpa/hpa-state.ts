/** What the controller remembers of one autoscaler from sync to sync. Times are in ms since some fixed moment. */
export interface HpaState {
  /** What the metrics asked for, before stabilisation, in the controller's own order: one takes the place of one that is too old. */
  readonly recommendations: readonly Recommendation[];
  readonly scaleUps: readonly ScaleEvent[];
  readonly scaleDowns: readonly ScaleEvent[];
  readonly conditions: HpaConditions;
}

export interface Recommendation {
  readonly replicas: number;
  readonly atMs: number;
}

/** A change that was made. */
export interface ScaleEvent {
  /** Pods added or removed, never negative. */
  readonly change: number;
  readonly atMs: number;
  /** Past the longest period of its direction; the next event takes its place. */
  readonly isOutdated: boolean;
}

export const CONDITION_TYPES = ['AbleToScale', 'ScalingActive', 'ScalingLimited'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** The conditions of an autoscaler's status, with the controller's own reasons. */
export type HpaConditions = Readonly<Partial<Record<ConditionType, HpaCondition>>>;

export interface HpaCondition {
  readonly isTrue: boolean;
  readonly reason: string;
}

/** Before the first sync. */
export const NEW_HPA: HpaState = { recommendations: [], scaleUps: [], scaleDowns: [], conditions: {} };
