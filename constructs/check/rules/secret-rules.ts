import { at, listAt, mapAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import { secretIn } from '../secret-content.js';
import { containerRule, objectRule } from './rule-forms.js';

const FIX = 'put it into a Secret, and mount that as a file.';

export const secretRules: readonly Rule[] = [
  objectRule({
    kinds: ['ConfigMap'],
    id: 'secret-in-config-map',
    severity: 'error',
    why: 'A ConfigMap is read by more people than a Secret, and is often in version control.',
    fix: FIX,
    violation: ({ value }) =>
      Object.entries(mapAt(value, 'data')).flatMap(([key, text]) => {
        const what = secretIn(key, text);
        return what === undefined ? [] : [`the key "${key}" holds ${what}.`];
      }),
  }),
  containerRule({
    id: 'secret-in-pod',
    severity: 'error',
    why: 'The value of a variable or argument is shown to whoever may look at the pod.',
    fix: FIX,
    violation: ({ fields }) => {
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
      return all.length > 0 && `${all.join('; ')}.`;
    },
  }),
  objectRule({
    kinds: ['Secret'],
    id: 'secret-in-manifests',
    severity: 'warning',
    why: 'Base64 is no encryption: who reads the manifests reads the secret.',
    fix: 'make it in the cluster: an ExternalSecret, a SealedSecret, or `kubectl create secret`.',
    violation: ({ value }) => {
      const keys = ['data', 'stringData'].flatMap((field) =>
        Object.entries(mapAt(value, field)).flatMap(([key, text]) => (text === '' ? [] : [key])),
      );
      return keys.length > 0 && `it holds the value of ${keys.join(', ')}.`;
    },
  }),
];
