import * as z from 'zod';
import { wellKnownPorts } from '../../../contract/vocabulary/index.js';
import type { Peer } from '../../connection.js';
import { secretRef } from '../../workload/secret-ref.js';
import { bucketName } from '../bucket-name.js';
import { managedAddress, managedStore } from '../managed-store.js';
import type { ObjectStore } from '../object-store.js';
import type { S3Remote } from './s3-remote.js';

/** Where backups are kept. */
export const backupTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('objectStore'), bucket: bucketName }),
  managedStore.extend({
    region: z.string().min(1),
    bucket: bucketName,
    accessKeyId: secretRef,
    secretAccessKey: secretRef,
  }),
]);
export type BackupTargetChoice = Readonly<z.infer<typeof backupTarget>>;
type OwnStore = Extract<BackupTargetChoice, { kind: 'objectStore' }>;
type Managed = Extract<BackupTargetChoice, { kind: 'managed' }>;

/** The two places. */
export const BackupTarget = {
  /** A bucket of the platform's object store. It is made by the first backup, unless the store is one where others make the buckets. */
  objectStore(props: Omit<OwnStore, 'kind'>): OwnStore {
    return { kind: 'objectStore', ...props };
  },

  /** A bucket of another S3 store, which outlives the cluster and the platform's own. */
  managed(props: Omit<Managed, 'kind'>): Managed {
    return { kind: 'managed', ...props };
  },
};

/** A bucket, and the way there. */
export interface BackupDestination {
  readonly remote: S3Remote;
  readonly bucket: string;
  readonly peer: Peer;
  readonly port: number;
  /** True where it is the platform's object store, which cannot keep its own backup. */
  readonly isObjectStore: boolean;
}

/** @param region of the platform's object store */
export function backupDestination(
  choice: BackupTargetChoice,
  { objectStore, region }: { readonly objectStore: ObjectStore; readonly region: string },
): BackupDestination {
  if (choice.kind === 'managed') {
    return {
      remote: choice,
      bucket: choice.bucket,
      ...managedAddress(choice, wellKnownPorts.https),
      isObjectStore: false,
    };
  }
  const { url, accessKeyId, secretAccessKey, peer, port } = objectStore;
  const remote = { url, region, accessKeyId, secretAccessKey };
  return { remote, bucket: choice.bucket, peer, port, isObjectStore: true };
}
