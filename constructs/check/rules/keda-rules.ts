import type { Cluster } from '../cluster.js';
import { at, listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { type KubeObject, placeText } from '../kube-object.js';
import { quoted } from '../quoted.js';
import { recordedNames, recordedSeriesIn } from '../recorded-series.js';
import { objectRule } from './rule-forms.js';

interface Trigger {
  readonly object: KubeObject;
  readonly fields: unknown;
  readonly query: string;
}

/** Every question that KEDA asks Prometheus. */
function prometheusTriggers(cluster: Cluster): readonly Trigger[] {
  return cluster.ofKind('ScaledObject').flatMap((object) =>
    listAt(object.value, 'spec.triggers')
      .filter((trigger) => textAt(trigger, 'type') === 'prometheus')
      .map((fields) => ({ object, fields, query: textAt(fields, 'metadata.query') ?? '' })),
  );
}

function hasMetric({ value }: KubeObject): boolean {
  return listAt(value, 'spec.triggers').some((trigger) => !['cpu', 'memory'].includes(textAt(trigger, 'type') ?? ''));
}

export const kedaRules: readonly Rule[] = [
  {
    id: 'keda-query-not-recorded',
    severity: 'error',
    why: 'A query for a series that no rule records finds nothing, and the workload does not scale on it.',
    fix: 'add a rule that records it, or correct the query.',
    find: (cluster) => {
      const recorded = recordedSeriesIn(cluster);
      if (recorded === undefined) return [];
      return prometheusTriggers(cluster).flatMap(({ object, query }) =>
        recordedNames(query)
          .filter((name) => !recorded.has(name))
          .map((name) => ({
            object,
            message: `a trigger asks for "${name}", which no recording rule makes.`,
            fix: `add a rule with record: ${name}, or correct the query.`,
          })),
      );
    },
  },
  {
    id: 'keda-null-as-zero',
    severity: 'warning',
    why: 'KEDA takes a query without a result for 0 unless told otherwise: a target that is down shrinks the workload.',
    fix: 'set ignoreNullValues: "false" in the trigger’s metadata, and a fallback for what is to happen then.',
    find: (cluster) =>
      prometheusTriggers(cluster)
        .filter(({ fields }) => textAt(fields, 'metadata.ignoreNullValues') !== 'false')
        .map(({ object, query }) => ({
          object,
          message: `the trigger on "${query}" takes no result for 0.`,
        })),
  },
  objectRule({
    kinds: ['ScaledObject'],
    id: 'keda-threshold',
    severity: 'error',
    why: 'KEDA divides what it finds by the threshold: without one, or with 0, it refuses the trigger.',
    fix: 'set threshold in the trigger’s metadata to what one replica shall have, in quotes: "10".',
    violation: ({ value }) =>
      listAt(value, 'spec.triggers')
        .filter((trigger) => textAt(trigger, 'type') === 'prometheus')
        .filter((trigger) => !(Number(textAt(trigger, 'metadata.threshold')) > 0))
        .map((trigger) => `the threshold of a trigger is ${quoted(at(trigger, 'metadata.threshold'))}.`),
  }),
  objectRule({
    kinds: ['ScaledObject', 'ScaledJob'],
    id: 'dangling-trigger-authentication',
    severity: 'error',
    why: 'A trigger whose credentials are missing reads nothing, and the workload does not scale on it.',
    fix: 'add the TriggerAuthentication, or correct kind and name.',
    violation: (object, cluster) =>
      listAt(object.value, 'spec.triggers').flatMap((trigger) => {
        const name = textAt(trigger, 'authenticationRef.name');
        if (name === undefined || textAt(trigger, 'authenticationRef.kind') === 'ClusterTriggerAuthentication')
          return [];
        if (cluster.find('TriggerAuthentication', object.namespace, name)) return [];
        return [
          `authenticationRef names the TriggerAuthentication "${name}", which is not in ${placeText(object, object.namespace)}.`,
        ];
      }),
  }),
  {
    id: 'keda-fallback-without-metric',
    severity: 'error',
    why: 'KEDA refuses a fallback where all triggers are CPU and memory.',
    fix: 'leave spec.fallback out, or add the trigger that it is for.',
    find: (cluster) =>
      cluster
        .ofKind('ScaledObject')
        .filter((object) => at(object.value, 'spec.fallback') !== undefined && !hasMetric(object))
        .map((object) => ({
          object,
          message: 'spec.fallback stands beside triggers of CPU and memory alone.',
        })),
  },
];
