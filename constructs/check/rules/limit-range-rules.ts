import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import type { PodTemplate } from '../pod-template.js';
import { quantityValue } from '../quantity-value.js';
import { objectRule, podRule } from './rule-forms.js';

function exceeds(quantity: unknown, most: unknown): boolean {
  return (quantityValue(quantity) ?? 0) > (quantityValue(most) ?? Number.POSITIVE_INFINITY);
}

function containerLimits(cluster: Cluster, namespace: string): readonly (readonly [KubeObject, unknown])[] {
  return cluster
    .ofKind('LimitRange')
    .filter((range) => range.namespace === namespace)
    .flatMap((range) =>
      listAt(range.value, 'spec.limits')
        .filter((limit) => at(limit, 'type') === 'Container')
        .map((limit) => [range, limit] as const),
    );
}

/** What a container takes by its limits, or by its requests where it has none. */
function taken(fields: unknown, resource: string): unknown {
  return at(fields, `resources.limits.${resource}`) ?? at(fields, `resources.requests.${resource}`);
}

export const limitRangeRules: readonly Rule[] = [
  podRule({
    id: 'limit-range-exceeded',
    severity: 'error',
    why: 'A container that takes more, or asks for less, than the LimitRange of its namespace lets one is never made.',
    fix: 'change min or max in the LimitRange, or what the container takes.',
    violation: ({ namespace, containers }: PodTemplate, cluster) =>
      containerLimits(cluster, namespace).flatMap(([range, limit]) =>
        [
          ...Object.entries(mapAt(limit, 'max')).flatMap(([resource, most]) =>
            containers
              .filter(({ fields }) => exceeds(taken(fields, resource), most))
              .map(({ name, fields }) => ({ name, resource, is: taken(fields, resource), bound: most })),
          ),
          ...Object.entries(mapAt(limit, 'min')).flatMap(([resource, least]) =>
            containers
              .filter(({ fields }) => exceeds(least, at(fields, `resources.requests.${resource}`)))
              .map(({ name, fields }) => ({
                name,
                resource,
                is: at(fields, `resources.requests.${resource}`),
                bound: least,
              })),
          ),
        ].map(
          ({ name, resource, is, bound }) =>
            `container "${name}" takes ${resource} ${String(is)}, and ${range.title} allows ${String(bound)}.`,
        ),
      ),
  }),
  objectRule({
    kinds: ['LimitRange'],
    id: 'limit-range-order',
    severity: 'error',
    why: 'The API server refuses a LimitRange whose values do not ascend: min, defaultRequest, default, max.',
    fix: 'let them ascend.',
    violation: ({ value }) =>
      listAt(value, 'spec.limits').flatMap((limit) => {
        const steps = ['min', 'defaultRequest', 'default', 'max'];
        return steps.flatMap((lower, i) =>
          steps.slice(i + 1).flatMap((higher) =>
            Object.entries(mapAt(limit, lower))
              .filter(([resource, quantity]) => exceeds(quantity, at(limit, `${higher}.${resource}`)))
              .map(
                ([resource, quantity]) =>
                  `${lower} of ${resource} is ${String(quantity)}, above ${higher}, ${String(at(limit, `${higher}.${resource}`))}.`,
              ),
          ),
        );
      }),
  }),
];
