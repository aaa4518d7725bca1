import { at, listAt, mapAt, textAt, textsAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { secretIn } from '../secret-content.js';
import { containerRule } from './pod-rule.js';

export const secretRules: readonly Rule[] = [
  {
    id: 'secret-in-config-map',
    severity: 'error',
    why: 'A ConfigMap is read by more people than a Secret, and is often in version control.',
    find: (cluster) => cluster.ofKind('ConfigMap').flatMap(secretsInConfigMap),
  },
  containerRule(
    {
      id: 'secret-in-pod',
      severity: 'error',
      why: 'The value of a variable or argument is shown to whoever may look at the pod.',
    },
    ({ fields }) => {
      const variables = listAt(fields, 'env').flatMap((variable) => {
        const name = textAt(variable, 'name') ?? '';
        const what = secretIn(name, at(variable, 'value'));
        return what === undefined ? [] : [`variable ${name} holds ${what}`];
      });
      const args = [...textsAt(fields, 'command'), ...textsAt(fields, 'args')].flatMap((argument) => {
        const what = secretIn('', argument);
        return what === undefined ? [] : [`an argument holds ${what}`];
      });
      const all = [...variables, ...args];
      if (all.length === 0) return undefined;
      return { message: `${all.join('; ')}.`, fix: 'put it into a Secret, and mount that as a file.' };
    },
  ),
];

function secretsInConfigMap(object: KubeObject): Problem[] {
  return Object.entries(mapAt(object.value, 'data')).flatMap(([key, value]) => {
    const what = secretIn(key, value);
    if (what === undefined) return [];
    return [
      { object, message: `the key "${key}" holds ${what}.`, fix: 'put it into a Secret, and mount that as a file.' },
    ];
  });
}
