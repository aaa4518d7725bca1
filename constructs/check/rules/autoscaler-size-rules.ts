import { autoscalers, replicaBounds } from '../autoscaler.js';
import { listAt, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { quantityValue } from '../quantity-value.js';
import { objectRule } from './rule-forms.js';

/** Of one workload. Kubernetes itself is tested with 5,000 nodes (kubernetes.io/docs/setup/best-practices/cluster-large). */
const MOST_REPLICAS = 1000;

/** At a message a second it is more than a day until the first replica is added. */
const MOST_WAITING = 100_000;

/** What counts things that wait, and neither how fast nor how long they do. */
const COUNTS_WAITING = /backlog|queue|messages|(^|_)lag(_|$)/i;
const COUNTS_ELSE = /per_second|rate\(|_seconds|bytes|latency/i;

function countsWaiting(text: string): boolean {
  return COUNTS_WAITING.test(text) && !COUNTS_ELSE.test(text);
}

interface Target {
  readonly of: string;
  readonly value: unknown;
}

function metricTargets({ value }: KubeObject): readonly Target[] {
  return listAt(value, 'spec.metrics').flatMap((metric) => {
    const { external, object, pods } = mapAt({ metric }, 'metric');
    const source = external ?? object ?? pods;
    const name = textAt(source, 'metric.name') ?? '';
    const { averageValue, value: whole } = mapAt(source, 'target');
    return countsWaiting(name) ? [{ of: `the metric "${name}"`, value: averageValue ?? whole }] : [];
  });
}

/** Where each kind of KEDA's triggers says how many may wait. */
const LENGTH_FIELDS = ['queueLength', 'lagThreshold', 'listLength', 'messageCount'] as const;

function triggerTargets({ value }: KubeObject): readonly Target[] {
  return listAt(value, 'spec.triggers').flatMap((trigger) => {
    const type = textAt(trigger, 'type') ?? '';
    const metadata = mapAt(trigger, 'metadata');
    const lengths: unknown[] = LENGTH_FIELDS.map((field) => metadata[field]);
    if (metadata.mode === 'QueueLength') lengths.push(metadata.value);
    if (countsWaiting(textAt(metadata, 'query') ?? '')) lengths.push(metadata.threshold);
    return lengths.filter((one) => one !== undefined).map((one) => ({ of: `the trigger ${type}`, value: one }));
  });
}

/** Bounds and targets that are valid, and so large that they do nothing. */
export const autoscalerSizeRules: readonly Rule[] = [
  {
    id: 'unbounded-ceiling',
    severity: 'warning',
    why: 'A ceiling that is never reached bounds nothing: a metric that goes wrong orders pods and nodes until somebody sees it.',
    fix: 'set the maximum to what nodes, connections of stores and quotas of providers can bear.',
    find: (cluster) =>
      autoscalers(cluster)
        .map((object) => ({ object, ...replicaBounds(object) }))
        .filter(({ max = 0 }) => max > MOST_REPLICAS)
        .map(({ object, max }) => ({
          object,
          message: `it may ask for ${max} replicas, where ${MOST_REPLICAS} of one workload are many.`,
        })),
  },
  objectRule({
    kinds: ['HorizontalPodAutoscaler', 'ScaledObject'],
    id: 'backlog-target',
    severity: 'warning',
    why: 'Until so many messages wait for each replica none is added, and those that wait have long been given up.',
    fix: 'set the target to what one replica works off while a message may wait: 10, where each takes 6 s and may wait a minute.',
    violation: (autoscaler) =>
      [...metricTargets(autoscaler), ...triggerTargets(autoscaler)]
        .filter(({ value }) => (quantityValue(value) ?? 0) >= MOST_WAITING)
        .map(({ of, value }) => `${of} lets ${String(value)} messages wait for each replica.`),
  }),
];
