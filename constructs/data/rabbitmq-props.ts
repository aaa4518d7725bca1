import * as z from 'zod';
import type { StoreSpec, TaskTopology } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { byteQuantity, resources } from '../workload/quantity.js';
import { secretRef } from '../workload/secret-ref.js';
import { backupChoice } from './backup/backup-choice.js';
import { managedStoreAt } from './managed-store.js';

const password = { password: secretRef };
const consumerTimeoutSeconds = z
  .int()
  .min(60, 'must be at least 60: the broker looks once a minute')
  .max(86_400, 'must be at most 86400 seconds; was it meant in milliseconds?')
  .optional();
export const rabbitMqChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inCluster'),
    /** An odd number: a quorum queue lives while more than half of its replicas do. */
    replicas: z.union([z.literal(1), z.literal(3), z.literal(5)], {
      error: 'must be 1, 3 or 5: a quorum needs an odd number',
    }),
    storage: byteQuantity,
    resources,
    backups: backupChoice,
    /** A message that is not acknowledged for so long goes to another worker. @default what the topologies need */
    consumerTimeoutSeconds,
    ...password,
    /** The secret by which the nodes know each other. */
    erlangCookie: secretRef,
  }),
  managedStoreAt('amqp', 'amqps').extend({
    /** What the broker is configured with: its `consumer_timeout`. @default 1800, as RabbitMQ itself */
    consumerTimeoutSeconds,
    ...password,
  }),
]);
export type RabbitMqChoice = Readonly<z.infer<typeof rabbitMqChoice>>;
export type RabbitMqInCluster = Extract<RabbitMqChoice, { kind: 'inCluster' }>;
export type RabbitMqManaged = Extract<RabbitMqChoice, { kind: 'managed' }>;

export interface RabbitMqProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec & { readonly metricsPort: number };
  readonly choice: RabbitMqChoice;
  readonly image: ImageRef;
  /** Name of the user that the application connects as. */
  readonly user: string;
  readonly topologies: readonly TaskTopology[];
  /** Ports that the nodes use among themselves. */
  readonly peerDiscoveryPort: number;
  readonly distributionPort: number;
}
