import { Construct } from 'constructs';
import type { StoreSpec } from '../../contract/vocabulary/index.js';
import { holdChoice } from '../hold-props.js';
import { type ScrapeTarget, storeTarget } from '../observability/scrape-target.js';
import { type Peer, podsOf } from '../security/connection.js';
import type { SecretRef } from '../workload/secret-ref.js';
import { StatefulServer } from '../workload/stateful-server.js';
import type { BackupPlan } from './backup/backup-plan.js';
import { redisBackup } from './backup/redis-backup.js';
import type { DataStore } from './data-store.js';
import { managedAddress } from './managed-store.js';
import {
  type RedisInCluster,
  type RedisManaged,
  type RedisProps,
  type RedisTopology,
  redisChoice,
} from './redis-props.js';
import { redisServer } from './redis-server.js';

/** Redis: caches, sessions, rate limits, results. In the cluster every write goes to an append-only file. */
export class Redis extends Construct implements DataStore {
  static inCluster(props: Omit<RedisInCluster, 'kind'>): RedisInCluster {
    return { kind: 'inCluster', ...props };
  }

  static managed(props: Omit<RedisManaged, 'kind'>): RedisManaged {
    return { kind: 'managed', ...props };
  }

  /** One server. */
  static standalone(): RedisTopology {
    return { kind: 'standalone' };
  }

  /** So many servers, one of them the primary, each with a sentinel beside it. */
  static sentinel({ replicas }: { readonly replicas: 3 | 5 }): RedisTopology {
    return { kind: 'sentinel', replicas };
  }

  readonly spec: StoreSpec;
  readonly url: string;
  /** Where to ask for the primary, as host:port. Absent where there is one server to ask. */
  readonly sentinels?: readonly string[];
  readonly password: SecretRef;
  readonly peer: Peer;
  readonly port: number;
  readonly furtherPorts?: readonly number[];
  readonly peerPorts?: readonly number[];
  readonly backup?: BackupPlan;
  readonly inCluster: boolean;
  readonly scrapeTarget?: ScrapeTarget;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    holdChoice(this, redisChoice, props.choice);
    const { spec, choice, sentinelPort } = props;
    this.spec = spec;
    this.password = choice.password;
    this.inCluster = choice.kind === 'inCluster';
    if (choice.kind === 'managed') {
      this.url = choice.url;
      ({ peer: this.peer, port: this.port } = managedAddress(choice, spec.port));
      return;
    }
    this.url = `redis://${spec.name}:${spec.port}`;
    this.peer = podsOf(spec);
    this.port = spec.port;
    if (choice.topology.kind === 'sentinel') {
      this.sentinels = [`${spec.name}:${sentinelPort}`];
      this.furtherPorts = [sentinelPort];
      this.peerPorts = [spec.port, sentinelPort];
    }
    const target = storeTarget(spec);
    if (target) this.scrapeTarget = target;
    if (choice.backups.kind === 'daily') this.backup = redisBackup(props, choice, choice.backups);
    this.server = new StatefulServer(this, 'server', redisServer(props, choice));
  }
}
