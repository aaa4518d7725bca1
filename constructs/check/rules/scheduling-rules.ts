import { at, entryOf, isMapping, listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { quoted } from '../quoted.js';
import { objectRule, podRule } from './rule-forms.js';

const EFFECTS = ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** What the API server has against a toleration; undefined where nothing is wrong. */
function tolerationProblem(toleration: unknown): string | undefined {
  const [key = '', operator = 'Equal', effect = ''] = ['key', 'operator', 'effect'].map((field) =>
    textAt(toleration, field),
  );
  const value = at(toleration, 'value') ?? '';
  if (!['Equal', 'Exists'].includes(operator)) return `has the operator ${quoted(operator)}, not Equal or Exists`;
  if (!EFFECTS.includes(effect)) return `has the effect ${quoted(effect)}, not ${EFFECTS.slice(1).join(' or ')}`;
  if (typeof value !== 'string') return `has the value ${quoted(value)}, which is no text`;
  if (operator === 'Exists' && value !== '') return `is for any value (Exists) and for ${quoted(value)}`;
  if (key === '' && operator === 'Equal') return 'has no key, and its operator is not Exists';
  const isTimed = (at(toleration, 'tolerationSeconds') ?? undefined) !== undefined;
  return isTimed && effect !== 'NoExecute' ? 'has tolerationSeconds, and its effect is not NoExecute' : undefined;
}

/** How many values an operator of an expression takes. */
const VALUES: Readonly<Record<string, (count: number) => boolean>> = {
  In: (count) => count > 0,
  NotIn: (count) => count > 0,
  Exists: (count) => count === 0,
  DoesNotExist: (count) => count === 0,
};
/** Only of the labels of nodes. */
const COMPARISONS: typeof VALUES = { Gt: (count) => count === 1, Lt: (count) => count === 1 };

interface Expressions {
  readonly path: string;
  readonly list: readonly unknown[];
}

/** Every list of `matchExpressions` below a value; schemas of a definition only describe some. */
function expressionsIn(value: unknown, path = ''): readonly Expressions[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => expressionsIn(one, `${path}.${i}`));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    if (key === 'matchExpressions' && Array.isArray(below)) return [{ path, list: below }];
    return ['openAPIV3Schema', 'data'].includes(key) ? [] : expressionsIn(below, path === '' ? key : `${path}.${key}`);
  });
}

function expressionProblem(path: string, expression: unknown): string | undefined {
  const operator = textAt(expression, 'operator') ?? '';
  const known = /nodeAffinity|nodeSelectorTerms/.test(path) ? { ...VALUES, ...COMPARISONS } : VALUES;
  const takes = entryOf(known, operator);
  if (takes === undefined) return `has the operator ${quoted(operator)}, not ${Object.keys(known).join(', ')}`;
  const values = listAt(expression, 'values');
  const wrong = values.find((value) => typeof value !== 'string');
  if (wrong !== undefined) return `has the value ${quoted(wrong)}, which is no text`;
  return takes(values.length) ? undefined : `is ${operator} with ${values.length} values`;
}

/** Where pods may run, and what else is chosen by labels. */
export const schedulingRules: readonly Rule[] = [
  podRule({
    id: 'invalid-toleration',
    severity: 'error',
    why: 'The API server refuses a toleration that means two things, or none.',
    fix: 'write { key, operator: Exists, effect } for any value of the taint, or { key, operator: Equal, value, effect } for one, in quotes.',
    violation: ({ spec }) =>
      listAt(spec, 'tolerations').flatMap((toleration) => {
        const problem = tolerationProblem(toleration);
        return problem === undefined ? [] : [`its toleration of ${quoted(at(toleration, 'key') ?? '')} ${problem}.`];
      }),
  }),
  {
    id: 'label-expression',
    severity: 'error',
    why: 'The API server refuses an expression whose operator it does not know, or whose operator takes other values.',
    fix: 'write In or NotIn with values, in quotes, or Exists or DoesNotExist without.',
    find: ({ objects }) =>
      objects.flatMap((object) =>
        expressionsIn(object.value).flatMap(({ path, list }) =>
          list.flatMap((expression) => {
            const problem = expressionProblem(path, expression);
            if (problem === undefined) return [];
            return [{ object, message: `${path}.matchExpressions: ${quoted(at(expression, 'key'))} ${problem}.` }];
          }),
        ),
      ),
  },
  objectRule({
    kinds: ['Deployment', 'StatefulSet'],
    id: 'no-replicas',
    severity: 'warning',
    why: 'Nothing runs until somebody scales it.',
    fix: 'state how many replicas there shall be, or leave the workload out; KEDA scales to none by minReplicaCount: 0.',
    violation: ({ value }) => at(value, 'spec.replicas') === 0 && 'spec.replicas is 0.',
  }),
];
