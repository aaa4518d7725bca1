import { isMapping, mapAt } from '../field.js';
import { containerFieldNames, podFieldNames, specFieldNames } from '../field-names.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { nearMiss } from '../near-miss.js';

function misspelt(object: KubeObject, fields: unknown, where: string, known: readonly string[]): Problem[] {
  if (!isMapping(fields)) return [];
  return Object.keys(fields).flatMap((name) => {
    const meant = nearMiss(name, known);
    return meant === undefined ? [] : [{ object, message: `${where} has "${name}".`, fix: `write ${meant}.` }];
  });
}

export const fieldRules: readonly Rule[] = [
  {
    id: 'misspelt-field',
    severity: 'error',
    why: 'The API server drops a field that it does not know, or refuses the object where validation is strict.',
    fix: 'write the name of the field as Kubernetes has it.',
    find: ({ objects, pods }) => [
      ...objects.flatMap((object) =>
        misspelt(object, mapAt(object.value, 'spec'), 'spec', specFieldNames[object.kind] ?? []),
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
];
