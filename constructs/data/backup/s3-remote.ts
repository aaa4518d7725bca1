import type { k8s } from 'cdk8s-plus-28';
import type { SecretRef } from '../../workload/secret-ref.js';
import { exportSecret } from './backup-plan.js';

/** An S3 store, as rclone is told of it. */
export interface S3Remote {
  readonly url: string;
  readonly region: string;
  /** Both absent where the cloud gives the job an identity. */
  readonly accessKeyId?: SecretRef | undefined;
  readonly secretAccessKey?: SecretRef | undefined;
}

/** What is no secret of a remote, as variables. rclone reads no file, and writes none. */
export function remoteEnv(name: string, { url, region, accessKeyId }: S3Remote): k8s.EnvVar[] {
  return [
    { name: 'RCLONE_CONFIG', value: '/dev/null' },
    { name: 'RCLONE_CACHE_DIR', value: '/tmp' },
    { name: `${prefix(name)}_TYPE`, value: 's3' },
    { name: `${prefix(name)}_PROVIDER`, value: 'Other' },
    { name: `${prefix(name)}_ENDPOINT`, value: url },
    { name: `${prefix(name)}_REGION`, value: region },
    ...(accessKeyId ? [] : [{ name: `${prefix(name)}_ENV_AUTH`, value: 'true' }]),
  ];
}

/** Keys of a remote, where it has any. */
export function remoteKeys({ accessKeyId, secretAccessKey }: S3Remote): readonly SecretRef[] {
  return [accessKeyId ?? [], secretAccessKey ?? []].flat();
}

/** Shell that gives rclone the credentials of a remote. */
export function remoteCredentials(name: string, { accessKeyId, secretAccessKey }: S3Remote): string {
  const read = (variable: string, ref: SecretRef) => exportSecret(`${prefix(name)}_${variable}`, ref);
  if (!accessKeyId || !secretAccessKey) return '';
  return `${read('ACCESS_KEY_ID', accessKeyId)}\n${read('SECRET_ACCESS_KEY', secretAccessKey)}`;
}

function prefix(name: string): string {
  return `RCLONE_CONFIG_${name.toUpperCase()}`;
}
