import { at, entryOf, mapAt, textAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import { isNamesake } from '../kube-object.js';
import { placesAt } from '../places.js';
import { restartPolicies } from '../pod-forms.js';
import { requiredFields, requiredPodFields } from '../required-fields.js';

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The paths of the fields that are not there; a field whose parent is missing is not missed by itself. */
function missing(root: unknown, path: string): readonly string[] {
  const cut = path.lastIndexOf('.');
  const [parent, names] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1).split('|')];
  return (parent === '' ? [{ path: '', value: root }] : placesAt(root, parent))
    .filter(({ value }) => names.every((name) => isMissing(at(value, name))))
    .map((place) => [place.path, names.join(' or ')].filter(Boolean).join('.'));
}

/** Kinds whose pods end: `Always`, which an unset restartPolicy means, is none of their choices. */
function needsRestartPolicy(kind: string): boolean {
  return entryOf(restartPolicies, kind)?.accepts('Always') === false;
}

export const requiredRules: readonly Rule[] = [
  {
    id: 'missing-field',
    severity: 'error',
    why: 'Without it the API server refuses the object, or it does nothing.',
    fix: 'add the field.',
    find: ({ objects, pods }) => [
      ...objects.flatMap((object): Problem[] =>
        [
          ...missing(object.value, 'metadata.name|generateName'),
          ...(entryOf(requiredFields, object.kind) ?? []).flatMap((path) => missing(object.value, path)),
        ].map((field) => ({ object, message: `it has no ${field}.` })),
      ),
      ...pods.flatMap(({ owner, spec }): Problem[] => [
        ...requiredPodFields
          // Knative names the container of its Service itself.
          .flatMap((path) => (isNamesake(owner) ? [] : missing(spec, path)))
          .map((field) => ({ object: owner, message: `its pod has no ${field}.` })),
        ...(needsRestartPolicy(owner.kind) && isMissing(textAt(spec, 'restartPolicy'))
          ? [
              {
                object: owner,
                message: `its pod has no restartPolicy, which then is Always: no choice of a ${owner.kind}.`,
                fix: 'add restartPolicy: OnFailure or Never to the pod.',
              },
            ]
          : []),
      ]),
      ...objects
        .filter(({ kind, value }) => kind === 'Service' && needsPorts(mapAt(value, 'spec')))
        .map((object) => ({ object, message: 'it has no spec.ports.' })),
    ],
  },
];

/** An ExternalName is an alias, and a headless Service may be names of pods alone. */
function needsPorts(spec: unknown): boolean {
  return (
    isMissing(at(spec, 'ports')) && textAt(spec, 'type') !== 'ExternalName' && textAt(spec, 'clusterIP') !== 'None'
  );
}
