import { at, listAt, textAt } from './field.js';
import type { PodTemplate } from './pod-template.js';

/** A namespaced object that a pod needs in order to start. */
export interface PodReference {
  readonly kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim';
  readonly name: string;
  /** The one key that is taken of it. */
  readonly key?: string;
  /** The pod starts without it as well. */
  readonly optional: boolean;
  /** The field that names it. */
  readonly field: string;
}

export function podReferences(pod: PodTemplate): readonly PodReference[] {
  const { spec, containers } = pod;
  const account = textAt(spec, 'serviceAccountName');
  return [
    ...(account
      ? [{ kind: 'ServiceAccount' as const, name: account, optional: false, field: 'serviceAccountName' }]
      : []),
    ...listAt(spec, 'imagePullSecrets').flatMap((secret) => one(secret, 'Secret', 'name', 'imagePullSecrets')),
    ...listAt(spec, 'volumes').flatMap(volumeReferences),
    ...containers.flatMap(({ name, fields }) => [
      ...listAt(fields, 'envFrom').flatMap((source) => [
        ...one(at(source, 'configMapRef'), 'ConfigMap', 'name', `envFrom of container "${name}"`),
        ...one(at(source, 'secretRef'), 'Secret', 'name', `envFrom of container "${name}"`),
      ]),
      ...listAt(fields, 'env').flatMap((variable) => {
        const field = `variable ${textAt(variable, 'name')} of container "${name}"`;
        return [
          ...one(at(variable, 'valueFrom.configMapKeyRef'), 'ConfigMap', 'name', field),
          ...one(at(variable, 'valueFrom.secretKeyRef'), 'Secret', 'name', field),
        ];
      }),
    ]),
  ];
}

function volumeReferences(volume: unknown): PodReference[] {
  const field = `volume "${textAt(volume, 'name')}"`;
  return [
    ...listed(at(volume, 'configMap'), 'ConfigMap', 'name', field),
    ...listed(at(volume, 'secret'), 'Secret', 'secretName', field),
    ...one(at(volume, 'persistentVolumeClaim'), 'PersistentVolumeClaim', 'claimName', field),
    ...listAt(volume, 'projected.sources').flatMap((source) => [
      ...listed(at(source, 'configMap'), 'ConfigMap', 'name', field),
      ...listed(at(source, 'secret'), 'Secret', 'name', field),
    ]),
  ];
}

function one(source: unknown, kind: PodReference['kind'], nameField: string, field: string): PodReference[] {
  const name = textAt(source, nameField);
  const key = textAt(source, 'key');
  if (name === undefined) return [];
  return [{ kind, name, field, optional: at(source, 'optional') === true, ...(key !== undefined && { key }) }];
}

/** A volume takes the keys of its `items`, or everything. */
function listed(source: unknown, kind: PodReference['kind'], nameField: string, field: string): PodReference[] {
  const whole = one(source, kind, nameField, field);
  const keys = listAt(source, 'items').flatMap((item) => textAt(item, 'key') ?? []);
  return keys.length === 0 ? whole : whole.flatMap((reference) => keys.map((key) => ({ ...reference, key })));
}
