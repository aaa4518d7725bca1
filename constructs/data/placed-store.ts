import { Construct } from 'constructs';
import type * as z from 'zod';
import type { StoreSpec } from '../../contract/vocabulary/index.js';
import { type Peer, podsOf } from '../connection.js';
import { holdChoice } from '../hold-props.js';
import { type ScrapeTarget, storeTarget } from '../observability/scrape-target.js';
import type { SecretRef } from '../workload/secret-ref.js';
import type { DataStore } from './data-store.js';
import { type ManagedStore, managedAddress } from './managed-store.js';

export interface PlacedStoreProps {
  readonly spec: StoreSpec;
  readonly choice: ManagedStore | { readonly kind: 'inCluster' };
  readonly choiceSchema: z.ZodType;
  /** Its URL where it runs in the cluster. */
  readonly urlInCluster: string;
  /** What Prometheus shows it there. @default nothing */
  readonly metricsToken?: SecretRef | undefined;
}

/** A store by choice of where it runs: what is said of it in the same way, whichever it is. */
export abstract class PlacedStore extends Construct implements DataStore {
  readonly spec: StoreSpec;
  readonly url: string;
  readonly peer: Peer;
  readonly port: number;
  readonly inCluster: boolean;
  readonly scrapeTarget?: ScrapeTarget;

  /** @throws {PropsError} naming what is wrong in the choice. */
  constructor(scope: Construct, id: string, props: PlacedStoreProps) {
    super(scope, id);
    const { spec, choice } = props;
    holdChoice(this, props.choiceSchema, choice);
    this.spec = spec;
    this.inCluster = choice.kind === 'inCluster';
    if (choice.kind === 'managed') {
      this.url = choice.url;
      ({ peer: this.peer, port: this.port } = managedAddress(choice, spec.port));
      return;
    }
    this.url = props.urlInCluster;
    this.peer = podsOf(spec);
    this.port = spec.port;
    const target = storeTarget(spec, props.metricsToken);
    if (target) this.scrapeTarget = target;
  }
}
