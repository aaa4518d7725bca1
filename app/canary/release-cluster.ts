import type { CanaryReleaseSpec, CanaryReleaseStatus, CanarySplit } from '../../contract/index.js';

/** A service's releases: what is asked for, and where they stand. */
export interface Release {
  readonly name: string;
  /** Grows with every change of the spec. */
  readonly generation: number;
  readonly spec: CanaryReleaseSpec;
  /** `undefined` before the controller has seen it. */
  readonly status?: CanaryReleaseStatus;
  /** Text of the command annotation. */
  readonly command?: string;
  /** By which the store knows whether somebody else has changed it since. */
  readonly resourceVersion: string;
}

/** What stands in one of a service's two slots. */
export interface Slot {
  /** Tells one pod template from another. */
  readonly revision: string;
  readonly images: readonly string[];
  /** Those of a rollout's surge are none of them. */
  readonly readyReplicas: number;
  /** Whether all of them are of that revision. */
  readonly isRolledOut: boolean;
}

/** Something that people are told of, beside the release. */
export interface ReleaseEvent {
  readonly type: 'Normal' | 'Warning';
  /** One word, as Kubernetes events have it. */
  readonly reason: string;
  readonly message: string;
}

/** The cluster as the controller sees it. Every method may throw while the cluster is away; then nothing has changed. */
export interface ReleaseCluster {
  /** Moves no traffic, and only says what it would do. */
  readonly dryRun: boolean;
  list(): Promise<readonly Release[]>;
  /** `null` where the Deployment does not exist. */
  slot(deployment: string): Promise<Slot | null>;
  /**
   * Keeps where a release stands.
   * @throws {ReleaseConflict} when somebody else has changed the release since it was read
   */
  save(release: Release, status: CanaryReleaseStatus): Promise<Release>;
  /** Divides the traffic. Setting it again changes nothing. */
  route(release: Release, split: CanarySplit): Promise<void>;
  report(release: Release, event: ReleaseEvent): Promise<void>;
  /** Calls when a release is asked for, changed or commanded, until the returned function is called. */
  watch(changed: () => void): () => Promise<void>;
}

export class ReleaseConflict extends Error {
  override readonly name = 'ReleaseConflict';
  constructor(release: string) {
    super(`The release ${release} was changed by somebody else while it was looked at; the next look begins anew.`);
  }
}
