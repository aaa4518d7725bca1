import * as z from 'zod';
import type { StoreSpec } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { secretRef } from '../workload/secret-ref.js';
import { backupChoice } from './backup/backup-choice.js';
import { managedStoreAt } from './managed-store.js';

export const redisTopology = z.discriminatedUnion('kind', [
  /** One server: while it restarts nobody has a cache, a session or a limit. */
  z.strictObject({ kind: z.literal('standalone') }),
  /** A primary, its replicas, and beside each of them a sentinel; they make a replica the primary when it is gone. */
  z.strictObject({
    kind: z.literal('sentinel'),
    replicas: z.union([z.literal(3), z.literal(5)], {
      error: 'must be 3 or 5: sentinels decide by majority, and two have none once one is gone',
    }),
  }),
]);
export type RedisTopology = Readonly<z.infer<typeof redisTopology>>;

const password = { password: secretRef };
export const redisChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    topology: redisTopology,
    /** Size of each replica's volume. */
    storage: byteQuantity,
    /** What each replica has. */
    resources,
    backups: backupChoice,
    ...password,
  }),
  managedStoreAt('redis', 'rediss').extend(password),
]);
export type RedisChoice = Readonly<z.infer<typeof redisChoice>>;
export type RedisInCluster = Extract<RedisChoice, { kind: 'inCluster' }>;
export type RedisManaged = Extract<RedisChoice, { kind: 'managed' }>;

export interface RedisProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly choice: RedisChoice;
  readonly image: ImageRef;
  readonly exporterImage: ImageRef;
  /** Port of the sentinels, where there are any. */
  readonly sentinelPort: number;
}

/** Servers that there are: the primary and its replicas. */
export function serversOf({ topology }: RedisInCluster): number {
  return topology.kind === 'standalone' ? 1 : topology.replicas;
}
