import type { CanaryReleaseSpec, CanaryReleaseStatus, CanarySplit } from '../../../contract/index.js';
import {
  type Release,
  type ReleaseCluster,
  ReleaseConflict,
  type ReleaseEvent,
  type Slot,
} from '../../canary/release-cluster.js';

/** One service's releases in this process; they die with it. No traffic is divided here, and nobody is told of events. */
export class MemoryReleaseCluster implements ReleaseCluster {
  readonly slots = new Map<string, Slot>();
  release: Release;

  constructor(
    spec: CanaryReleaseSpec,
    readonly dryRun = true,
  ) {
    this.release = { name: spec.service, generation: 1, spec, resourceVersion: '0' };
  }

  async list(): Promise<readonly Release[]> {
    return [this.release];
  }

  async slot(deployment: string): Promise<Slot | null> {
    return this.slots.get(deployment) ?? null;
  }

  async save(release: Release, status: CanaryReleaseStatus): Promise<Release> {
    if (release.resourceVersion !== this.release.resourceVersion) throw new ReleaseConflict(release.name);
    this.release = { ...this.release, status, resourceVersion: String(Number(release.resourceVersion) + 1) };
    return this.release;
  }

  async route(_release: Release, _split: CanarySplit): Promise<void> {}

  async report(_release: Release, _event: ReleaseEvent): Promise<void> {}

  watch() {
    return async () => undefined;
  }
}
