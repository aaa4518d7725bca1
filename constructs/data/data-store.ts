import type { StoreSpec } from '../../contract/vocabulary/index.js';
import type { Peer } from '../connection.js';
import type { ScrapeTarget } from '../observability/scrape-target.js';
import type { BackupPlan } from './backup/backup-plan.js';

/** What the rest of the platform needs to know of a store, wherever it runs. */
export interface DataStore {
  readonly spec: StoreSpec;
  /** URL for its clients, without credentials. */
  readonly url: string;
  /** Where connections to it go, for the network policies. */
  readonly peer: Peer;
  readonly port: number;
  /** Ports beside {@link port} that its clients connect to. @default none */
  readonly furtherPorts?: readonly number[];
  /** Ports that its replicas use among themselves. @default none */
  readonly peerPorts?: readonly number[];
  /** Present where its exporter runs in the cluster. */
  readonly scrapeTarget?: ScrapeTarget;
  /** How its data is saved. Absent where that is another's work, or was declined. */
  readonly backup?: BackupPlan;
  /** True where its pods run in the platform's namespace. */
  readonly inCluster: boolean;
}
