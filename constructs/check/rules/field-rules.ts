import { at, entryOf, isMapping, mapAt } from '../field.js';
import { containerFieldNames, podFieldNames, podSecurityFieldNames, specFieldNames } from '../field-names.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { nearMiss } from '../near-miss.js';
import type { PodTemplate } from '../pod-template.js';

function misspelt(object: KubeObject, fields: unknown, where: string, known: readonly string[]): Problem[] {
  if (!isMapping(fields)) return [];
  return Object.keys(fields).flatMap((name) => {
    const meant = nearMiss(name, known);
    return meant === undefined ? [] : [{ object, message: `${where} has "${name}".`, fix: `write ${meant}.` }];
  });
}

const CONTAINER = containerFieldNames[''] ?? [];
const CONTAINER_SECURITY = containerFieldNames.securityContext ?? [];

/** Names that stand where only another place of the pod knows them: one step of indentation too much or too little. */
function misplaced(
  object: KubeObject,
  fields: unknown,
  where: string,
  known: readonly string[],
  elsewhere: readonly (readonly [place: string, names: readonly string[]])[],
): Problem[] {
  if (!isMapping(fields)) return [];
  return Object.keys(fields).flatMap((name) => {
    const [place] = elsewhere.find(([, names]) => !known.includes(name) && names.includes(name)) ?? [];
    return place === undefined ? [] : [{ object, message: `${where} has "${name}".`, fix: `move it to ${place}.` }];
  });
}

function misplacedInPod({ owner, spec, containers }: PodTemplate): Problem[] {
  const inContainer = ['a container', CONTAINER] as const;
  const inSecurity = ['the securityContext of a container', CONTAINER_SECURITY] as const;
  return [
    ...misplaced(owner, spec, 'the pod’s spec', podFieldNames, [inContainer]),
    ...misplaced(owner, at(spec, 'securityContext'), 'the pod’s securityContext', podSecurityFieldNames, [inSecurity]),
    ...containers.flatMap(({ name, fields }) => [
      ...misplaced(owner, fields, `container "${name}"`, CONTAINER, [['the pod’s spec', podFieldNames]]),
      ...misplaced(owner, at(fields, 'securityContext'), `container "${name}": securityContext`, CONTAINER_SECURITY, [
        ['the securityContext of the pod', podSecurityFieldNames],
      ]),
    ]),
  ];
}

export const fieldRules: readonly Rule[] = [
  {
    id: 'misspelt-field',
    severity: 'error',
    why: 'The API server drops a field that it does not know, or refuses the object where validation is strict.',
    fix: 'write the name of the field as Kubernetes has it.',
    find: ({ objects, pods }) => [
      ...objects.flatMap((object) =>
        misspelt(object, mapAt(object.value, 'spec'), 'spec', entryOf(specFieldNames, object.kind) ?? []),
      ),
      ...pods.flatMap(({ owner, spec, containers }) => [
        ...misspelt(owner, spec, 'the pod’s spec', podFieldNames),
        ...containers.flatMap(({ name, fields }) =>
          Object.entries(containerFieldNames).flatMap(([path, known]) =>
            misspelt(
              owner,
              path === '' ? fields : mapAt(fields, path),
              [`container "${name}"`, path].filter(Boolean).join(': '),
              known,
            ),
          ),
        ),
      ]),
    ],
  },
  {
    id: 'misplaced-field',
    severity: 'error',
    why: 'The API server drops a field that stands elsewhere than Kubernetes looks for it, or refuses the object.',
    fix: 'indent it as part of what it is about.',
    find: ({ objects, pods }) => [
      ...objects.flatMap((object) => {
        const known = ['Deployment', 'StatefulSet'].includes(object.kind) ? specFieldNames[object.kind] : undefined;
        if (known === undefined) return [];
        return misplaced(object, at(object.value, 'spec'), 'spec', known, [['spec.template.spec', podFieldNames]]);
      }),
      ...pods.flatMap(misplacedInPod),
    ],
  },
];
