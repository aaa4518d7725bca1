import { listAt, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { podReferences } from '../pod-references.js';
import { objectRule, podRule } from './rule-forms.js';

/** What etcd takes of one object (Kubernetes, MaxSecretSize). */
const MOST_BYTES = 2 ** 20;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const VARIABLE = /^[A-Za-z_]\w*$/;

export const configRules: readonly Rule[] = [
  objectRule({
    kinds: ['ConfigMap', 'Secret'],
    id: 'invalid-key',
    severity: 'error',
    why: 'A key is the name of a file, and the API server refuses others.',
    fix: 'use letters, digits, dashes, dots and underscores; a path is made of keys by items in the volume.',
    violation: ({ value }) =>
      ['data', 'stringData', 'binaryData'].flatMap((field) =>
        Object.keys(mapAt(value, field))
          .filter((key) => !KEY.test(key))
          .map((key) => `${field} has the key ${JSON.stringify(key)}.`),
      ),
  }),
  objectRule({
    kinds: ['ConfigMap', 'Secret'],
    id: 'too-large',
    severity: 'error',
    why: 'The API server refuses an object that holds more than a mebibyte.',
    fix: 'put it into the image, or into a volume.',
    violation: ({ value }) => {
      const bytes = ['data', 'stringData', 'binaryData']
        .flatMap((field) => Object.values(mapAt(value, field)))
        .reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0), 0);
      return bytes > MOST_BYTES && `it holds ${bytes} bytes.`;
    },
  }),
  podRule({
    id: 'key-without-variable',
    severity: 'warning',
    why: 'A shell cannot read a variable of such a name, and older kubelets leave it out without a word.',
    fix: 'take the key by env and valueFrom under another name, with underscores, or mount it as a file.',
    violation: (pod, cluster) =>
      podReferences(pod)
        .filter(({ field, kind }) => field.startsWith('envFrom') && kind === 'ConfigMap')
        .flatMap(({ name, field }) =>
          Object.keys(mapAt(cluster.find('ConfigMap', pod.namespace, name)?.value, 'data'))
            .filter((key) => !VARIABLE.test(key))
            .map((key) => `${field} takes the key "${key}" of the ConfigMap "${name}".`),
        ),
  }),
  podRule({
    id: 'variable-name',
    severity: 'warning',
    why: 'A shell cannot read a variable with a dash in its name, and programs look for one with an underscore.',
    fix: 'write LOG_FORMAT for LOG-FORMAT.',
    violation: ({ containers }) =>
      containers.flatMap(({ name, fields }) =>
        listAt(fields, 'env')
          .flatMap((variable) => textAt(variable, 'name') ?? [])
          .filter((variable) => variable.includes('-'))
          .map((variable) => `container "${name}" has the variable "${variable}".`),
      ),
  }),
];
