import type { k8s } from 'cdk8s-plus-28';
import type { SecretRef } from '../../workload/secret-ref.js';
import { exportSecret } from './backup-plan.js';

/** An S3 store, as rclone is told of it. */
export interface S3Remote {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: SecretRef;
  readonly secretAccessKey: SecretRef;
}

/** What is no secret of a remote, as variables. rclone reads no file, and writes none. */
export function remoteEnv(name: string, { url, region }: S3Remote): k8s.EnvVar[] {
  return [
    { name: 'RCLONE_CONFIG', value: '/dev/null' },
    { name: 'RCLONE_CACHE_DIR', value: '/tmp' },
    { name: `${prefix(name)}_TYPE`, value: 's3' },
    { name: `${prefix(name)}_PROVIDER`, value: 'Other' },
    { name: `${prefix(name)}_ENDPOINT`, value: url },
    { name: `${prefix(name)}_REGION`, value: region },
  ];
}

/** Shell that gives rclone the credentials of a remote. */
export function remoteCredentials(name: string, { accessKeyId, secretAccessKey }: S3Remote): string {
  const read = (variable: string, ref: SecretRef) => exportSecret(`${prefix(name)}_${variable}`, ref);
  return `${read('ACCESS_KEY_ID', accessKeyId)}\n${read('SECRET_ACCESS_KEY', secretAccessKey)}`;
}

function prefix(name: string): string {
  return `RCLONE_CONFIG_${name.toUpperCase()}`;
}
