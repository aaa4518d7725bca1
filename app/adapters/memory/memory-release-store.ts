import type { ReleaseRecord, ReleaseStore } from '../../canary/release-store.js';

/** Releases of one process. They die with it: in a cluster a release's state is kept in the cluster. */
export class MemoryReleaseStore implements ReleaseStore {
  readonly #records = new Map<string, ReleaseRecord>();

  async get(release: string): Promise<ReleaseRecord | undefined> {
    return this.#records.get(release);
  }

  async put(release: string, record: ReleaseRecord): Promise<void> {
    this.#records.set(release, record);
  }
}
