import type { Construct } from 'constructs';
import type { SecretRef } from '../workload/secret-ref.js';
import { StatefulServer } from '../workload/stateful-server.js';
import type { BackupPlan } from './backup/backup-plan.js';
import { redisBackup } from './backup/redis-backup.js';
import { PlacedStore } from './placed-store.js';
import {
  type RedisInCluster,
  type RedisManaged,
  type RedisProps,
  type RedisTopology,
  redisChoice,
} from './redis-props.js';
import { redisServer } from './redis-server.js';

/** Redis: caches, sessions, rate limits, results. In the cluster every write goes to an append-only file. */
export class Redis extends PlacedStore {
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

  /** Where to ask for the primary, as host:port. Absent where there is one server to ask. */
  readonly sentinels?: readonly string[];
  readonly password: SecretRef;
  readonly furtherPorts?: readonly number[];
  readonly peerPorts?: readonly number[];
  readonly backup?: BackupPlan;
  readonly server?: StatefulServer;

  constructor(scope: Construct, id: string, props: RedisProps) {
    const { spec, choice, sentinelPort } = props;
    super(scope, id, {
      spec,
      choice,
      choiceSchema: redisChoice,
      urlInCluster: `redis://${spec.name}:${spec.port}`,
    });
    this.password = choice.password;
    if (choice.kind === 'managed') return;
    if (choice.topology.kind === 'sentinel') {
      this.sentinels = [`${spec.name}:${sentinelPort}`];
      this.furtherPorts = [sentinelPort];
      this.peerPorts = [spec.port, sentinelPort];
    }
    if (choice.backups.kind === 'daily') this.backup = redisBackup(props, choice, choice.backups);
    this.server = new StatefulServer(this, 'server', redisServer(props, choice));
  }
}
