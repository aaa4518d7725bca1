/** What the controller remembers of one autoscaler from sync to sync. Times are in ms since some fixed moment. */
export interface HpaState {
  readonly recommendations: Recommendations;
  readonly scaleUps: readonly ScaleEvent[];
  readonly scaleDowns: readonly ScaleEvent[];
  readonly conditions: HpaConditions;
}

/**
 * What the metrics asked for, before stabilisation, in the controller's own order: one takes the place of one that is too old. In columns, for
 * every sync looks through them and copies them.
 */
export interface Recommendations {
  readonly replicas: readonly number[];
  readonly atMs: readonly number[];
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
export const NEW_HPA: HpaState = {
  recommendations: { replicas: [], atMs: [] },
  scaleUps: [],
  scaleDowns: [],
  conditions: {},
};
