import { createHash } from 'node:crypto';
import type { k8s } from 'cdk8s-plus-28';
import type { ContainerSpec } from '../workload/restricted-pod.js';
import { mountSecrets, type SecretRef, secretPath } from '../workload/secret-ref.js';

/** Where a server finds the files that its start script wrote: in memory, and gone with the pod. */
export const RUN_PATH = '/run/armature';

const RUN = {
  volume: { name: 'run', emptyDir: { medium: 'Memory' } },
  mount: { name: 'run', mountPath: RUN_PATH },
};

export interface StartScriptProps {
  /** POSIX shell; runs with `set -eu` and `umask 077`. Reads secrets by {@link readSecret}, writes below {@link RUN_PATH}. */
  readonly script: string;
  /** Whose image and resources the script may use. */
  readonly server: Pick<ContainerSpec, 'image' | 'resources'>;
  /** Every secret that the script reads. */
  readonly secrets: readonly SecretRef[];
  /** Volumes that the script writes to, beside {@link RUN_PATH}. @default none */
  readonly mounts?: readonly k8s.VolumeMount[];
  /** Variables that the script reads. @default none */
  readonly env?: readonly k8s.EnvVar[];
}

/**
 * An init container that writes a server's configuration from its secrets. Most servers read a password only from a configuration
 * file, an argument or a variable; a file in memory is the one of the three that others cannot see.
 */
export function startScript({ script, server, secrets, mounts = [], env = [] }: StartScriptProps) {
  const files = mountSecrets(secrets);
  const initContainer: ContainerSpec = {
    name: 'configure',
    image: server.image,
    resources: server.resources,
    command: ['sh', '-c', `set -eu\numask 077\n${script}`],
    ...(env.length > 0 && { env }),
    mounts: [RUN.mount, ...mounts, ...files.mounts],
  };
  return {
    initContainer,
    mount: RUN.mount,
    volumes: [RUN.volume, ...files.volumes] as readonly k8s.Volume[],
    annotations: { 'checksum/configuration': createHash('sha256').update(script).digest('hex') },
  };
}

/** Shell word that gives a secret's value, ready to stand between the double quotes of a configuration file or of JSON. */
export function readSecret(ref: SecretRef): string {
  return `"$(sed 's/[\\\\"]/\\\\&/g' ${secretPath(ref)})"`;
}
