import { autoscalers, replicaBounds } from '../autoscaler.js';
import { listAt, mapAt, numberAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { PodTemplate } from '../pod-template.js';
import { podRule } from './rule-forms.js';

const ONE_NODE = ['ReadWriteOnce', 'ReadWriteOncePod'];

/** Volumes of a pod that hold data, by their name: of its claims, and of its templates of claims. */
function claimVolumes({ spec, owner }: PodTemplate): readonly { readonly volume: string; readonly claim?: string }[] {
  return [
    ...listAt(spec, 'volumes').flatMap((volume) => {
      const claim = textAt(volume, 'persistentVolumeClaim.claimName');
      return claim === undefined ? [] : [{ volume: textAt(volume, 'name') ?? '', claim }];
    }),
    ...listAt(owner.value, 'spec.volumeClaimTemplates').map((template) => ({
      volume: textAt(template, 'metadata.name') ?? '',
    })),
  ];
}

/** Where a container has a volume: in its files, or as a device. */
function usedVolumes({ containers }: PodTemplate): readonly unknown[] {
  return containers.flatMap(({ fields }) => [
    ...listAt(fields, 'volumeMounts').map((mount) => textAt(mount, 'name')),
    ...listAt(fields, 'volumeDevices').map((device) => textAt(device, 'name')),
  ]);
}

/** What becomes of data. */
export const claimRules: readonly Rule[] = [
  podRule({
    id: 'unmounted-claim',
    severity: 'error',
    why: 'Data goes where a volume is mounted: of one that is mounted nowhere nothing is kept.',
    fix: 'add it to volumeMounts of the container that writes, or leave it out.',
    violation: (pod) => {
      const used = usedVolumes(pod);
      return claimVolumes(pod)
        .filter(({ volume }) => !used.includes(volume))
        .map(({ volume }) => `no container mounts the volume "${volume}".`);
    },
  }),
  podRule({
    id: 'shared-claim',
    severity: 'warning',
    why: 'A volume that one node may have at a time keeps every pod that comes to another node waiting.',
    fix: 'use a StatefulSet, whose pods have a volume each, one replica with the strategy Recreate, or a claim that is ReadWriteMany.',
    violation: (pod, cluster) => {
      if (pod.owner.kind !== 'Deployment') return undefined;
      const autoscaler = autoscalers(cluster).find((one) => cluster.scaleTarget(one) === pod.owner);
      const replicas = autoscaler ? replicaBounds(autoscaler).max : numberAt(pod.owner.value, 'spec.replicas');
      if (replicas === undefined || replicas < 2) return undefined;
      return claimVolumes(pod).flatMap(({ claim = '' }) => {
        const spec = mapAt(cluster.find('PersistentVolumeClaim', pod.namespace, claim)?.value, 'spec');
        const modes = textsAt(spec, 'accessModes');
        if (modes.length === 0 || !modes.every((mode) => ONE_NODE.includes(mode))) return [];
        return [`up to ${replicas} pods share the claim "${claim}", which is ${modes.join(', ')}.`];
      });
    },
  }),
];
