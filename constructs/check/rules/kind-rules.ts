import { entryOf, textAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import { kubernetesKinds } from '../kubernetes-kinds.js';
import { nearMiss } from '../near-miss.js';

/** These groups have kinds that are not listed here, or other versions. */
const ALL_KINDS = Object.values(kubernetesKinds).flat();

/** A kind that is written as another API's, or almost as one of its own. */
function problemOf(apiVersion: string, kind: string): { readonly message: string; readonly fix: string } | undefined {
  const known = entryOf(kubernetesKinds, apiVersion);
  if (known === undefined || known.includes(kind)) return undefined;
  const home = Object.entries(kubernetesKinds).find(([, kinds]) => kinds.includes(kind))?.[0];
  const message = `${apiVersion} has no kind ${kind}.`;
  if (home !== undefined) return { message, fix: `write apiVersion: ${home}.` };
  const meant = nearMiss(kind, ALL_KINDS);
  return meant === undefined ? undefined : { message, fix: `write kind: ${meant}.` };
}

/** Two names of which one is a slip of the other: in one word of it. `team-a` and `team-b`, `app1` and `app2` are two teams and two applications. */
function isSlip(name: string, known: string): boolean {
  const [words, others] = [name.split('-'), known.split('-')];
  const differing = words.filter((word, i) => word !== others[i]);
  return words.length === others.length && differing.length === 1 && /^[a-z]{5,}$/.test(differing[0] ?? '');
}

export const kindRules: readonly Rule[] = [
  {
    id: 'unknown-kind',
    severity: 'error',
    why: 'The API server does not know the object.',
    fix: 'correct apiVersion or kind.',
    find: ({ objects }) =>
      objects.flatMap((object): Problem[] => {
        const problem = problemOf(textAt(object.value, 'apiVersion') ?? '', object.kind);
        return problem === undefined ? [] : [{ object, ...problem }];
      }),
  },
  {
    id: 'misspelt-namespace',
    severity: 'error',
    why: 'In a namespace of almost the same name an object finds none of the others, and the API server refuses it where there is none.',
    fix: 'write the name of the namespace as it is.',
    find: (cluster) => {
      const made = cluster.ofKind('Namespace').map(({ name }) => name);
      return cluster.objects.flatMap((object): Problem[] => {
        const stated = textAt(object.value, 'metadata.namespace');
        const meant =
          stated === undefined || stated.startsWith('kube-')
            ? undefined
            : nearMiss(
                stated,
                made.filter((name) => name === stated || isSlip(stated, name)),
              );
        return meant === undefined
          ? []
          : [{ object, message: `its namespace is "${stated}", which nothing here makes.`, fix: `write ${meant}.` }];
      });
    },
  },
];
