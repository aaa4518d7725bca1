import type { Cluster } from '../cluster.js';
import { listAt, mapAt, textAt, textsAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { Container, PodTemplate } from '../pod-template.js';
import { podRule } from './rule-forms.js';

/** Variables of a container by name; undefined where it takes some that the manifests do not tell. */
function variablesOf(
  cluster: Cluster,
  { namespace }: PodTemplate,
  { fields }: Container,
): ReadonlySet<string> | undefined {
  const own = listAt(fields, 'env').flatMap((variable) => textAt(variable, 'name') ?? []);
  const sources = listAt(fields, 'envFrom').map((source) => {
    const places = { ConfigMap: ['data'], Secret: ['data', 'stringData'] } as const;
    const kind = textAt(source, 'secretRef.name') === undefined ? 'ConfigMap' : 'Secret';
    const name = textAt(source, 'secretRef.name') ?? textAt(source, 'configMapRef.name') ?? '';
    const value = cluster.find(kind, namespace, name)?.value;
    const keys = places[kind].flatMap((place) => Object.keys(mapAt(value, place)));
    return keys.length === 0 ? undefined : keys.map((key) => `${textAt(source, 'prefix') ?? ''}${key}`);
  });
  return sources.includes(undefined) ? undefined : new Set([...own, ...sources.flatMap((keys) => keys ?? [])]);
}

/** The kubelet's own, of every Service of the namespace. */
const OF_A_SERVICE = /^[A-Z_]\w*_(SERVICE_HOST|SERVICE_PORT|PORT)(_\w+)?$/;

/** `$(nproc)` in a script is a command, whose output the shell puts in; commands are in lower case, and variables are not. */
function isCommand(name: string, words: readonly string[]): boolean {
  return name === name.toLowerCase() && words.some((word) => /^(\/\S+\/)?(ba|da|a|z|k)?sh$/.test(word));
}

export const variableRules: readonly Rule[] = [
  podRule({
    id: 'undefined-variable',
    severity: 'error',
    why: 'Of a variable that the container has not, `$(NAME)` stays as it stands, and the process is given these letters.',
    fix: 'add the variable to env, correct its name, or write $$(NAME) for the letters.',
    violation: (pod, cluster) =>
      pod.containers.flatMap((container) => {
        const known = variablesOf(cluster, pod, container);
        if (known === undefined) return [];
        const words = [...textsAt(container.fields, 'command'), ...textsAt(container.fields, 'args')];
        return words.flatMap((word) =>
          [...word.matchAll(/(?<!\$)\$\(([A-Za-z_][\w.-]*)\)/g)]
            .filter(([, name = '']) => !known.has(name) && !OF_A_SERVICE.test(name) && !isCommand(name, words))
            .map(
              ([reference]) => `container "${container.name}": "${word}" has ${reference}, which is no variable of it.`,
            ),
        );
      }),
  }),
];
