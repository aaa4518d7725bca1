import type { k8s } from 'cdk8s-plus-28';
import type { ByteQuantity, Resources } from '../../workload/quantity.js';
import type { ContainerSpec } from '../../workload/restricted-pod.js';
import { type SecretRef, secretPath } from '../../workload/secret-ref.js';
import type { DailyBackups } from './backup-choice.js';

/** Folder that a dump is written to and a restore reads from; a volume of its own. */
export const BACKUP_PATH = '/backup';

/** One end of a backup: how a store's data becomes files, or files become its data. */
export type BackupStep = Pick<ContainerSpec, 'image' | 'resources' | 'env'> & {
  /** POSIX shell; runs with `set -eu`. */
  readonly script: string;
  /** Every secret that the script reads. */
  readonly secrets: readonly SecretRef[];
};

/** How one store's data is saved and brought back. Its own tools do both; carrying the files to and fro is the same for all. */
export interface BackupPlan {
  readonly daily: DailyBackups;
  /** Writes everything below {@link BACKUP_PATH}, at least one file. */
  readonly dump: BackupStep;
  /** Replaces the store's data by what is below {@link BACKUP_PATH}. */
  readonly restore: BackupStep;
  /** What the files take at most. */
  readonly storage: ByteQuantity;
  /** Ports of the store that both connect to. */
  readonly ports: readonly number[];
  /** Headless Service below whose name the pods find their own domain. @default none */
  readonly subdomain?: string;
}

/** What a dump, an upload or a download needs: it streams. */
export const BACKUP_RESOURCES: Resources = {
  cpu: { request: '100m', limit: '1' },
  memory: { request: '128Mi', limit: '512Mi' },
  ephemeralStorage: '128Mi',
};

export function variables(values: Readonly<Record<string, string | number>>): k8s.EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

/** Shell that puts a secret into a variable of the programs that it starts. In two steps: `export` would hide that it cannot be read. */
export function exportSecret(variable: string, ref: SecretRef): string {
  return `${variable}="$(cat ${secretPath(ref)})"\nexport ${variable}`;
}
