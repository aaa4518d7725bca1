import { autoscalers, replicaBounds } from '../autoscaler.js';
import type { Cluster } from '../cluster.js';
import { at, listAt, numberAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import type { PodTemplate } from '../pod-template.js';
import { objectRule, podRule } from './rule-forms.js';

/** A number of pods, or a share of them (`25%`); Kubernetes rounds a budget's share up. Undefined if it is neither. */
function podCount(value: unknown, replicas: number): number | undefined {
  if (typeof value === 'number') return value;
  const [, percent] = /^(\d+)%$/.exec(typeof value === 'string' ? value : '') ?? [];
  return percent === undefined ? undefined : Math.ceil((Number(percent) / 100) * replicas);
}

interface LeastReplicas {
  readonly replicas: number;
  /** Who says so, where it is not the workload itself. */
  readonly autoscaler?: KubeObject;
}

function leastReplicas(cluster: Cluster, owner: KubeObject): LeastReplicas {
  const autoscaler = autoscalers(cluster).find((one) => cluster.scaleTarget(one) === owner);
  // KEDA may take the last pod too; then there is none to disrupt.
  if (autoscaler) return { replicas: Math.max(1, replicaBounds(autoscaler).min), autoscaler };
  return { replicas: numberAt(owner.value, 'spec.replicas') ?? 1 };
}

/** Least replicas of what a budget protects; undefined where that is not known. */
function leastProtected(cluster: Cluster, budget: KubeObject): LeastReplicas | undefined {
  const owners = cluster.podsSelected(budget.namespace, at(budget.value, 'spec.selector')).map(({ owner }) => owner);
  const [owner] = owners;
  // Of several workloads under one budget the sum would count; leave them to whoever chose that.
  if (owner === undefined || owners.length > 1 || owner.kind === 'DaemonSet') return undefined;
  return leastReplicas(cluster, owner);
}

/** Workloads whose pods stand for each other. */
function isReplicated(cluster: Cluster, { owner, isLasting }: PodTemplate): boolean {
  return isLasting && ['Deployment', 'StatefulSet'].includes(owner.kind) && leastReplicas(cluster, owner).replicas > 1;
}

const LET_ONE_GO = 'let at least one pod go: maxUnavailable 1, or one replica more than minAvailable.';

/** The budgets that select a pod. */
export function budgetsOf(cluster: Cluster, pod: PodTemplate): readonly KubeObject[] {
  return cluster
    .ofKind('PodDisruptionBudget')
    .filter(({ namespace, value }) => cluster.podsSelected(namespace, at(value, 'spec.selector')).includes(pod));
}

export const disruptionRules: readonly Rule[] = [
  podRule({
    id: 'no-disruption-budget',
    severity: 'error',
    why: 'A drain of several nodes takes every replica at once.',
    fix: 'add a PodDisruptionBudget that selects the pods, with maxUnavailable 1.',
    violation: (pod, cluster) => {
      const hasBudget = budgetsOf(cluster, pod).length > 0;
      return isReplicated(cluster, pod) && !hasBudget && 'no PodDisruptionBudget selects its pods.';
    },
  }),
  objectRule({
    kinds: ['PodDisruptionBudget'],
    id: 'pdb-zero-disruptions',
    severity: 'error',
    why: 'A budget that lets no pod go blocks every drain of a node, and with it every upgrade.',
    fix: LET_ONE_GO,
    violation: (budget, cluster) => {
      const { minAvailable, maxUnavailable } = budgetOf(budget);
      if (podCount(maxUnavailable, 1) === 0) return `maxUnavailable is ${String(maxUnavailable)}.`;
      if (minAvailable === '100%') return 'minAvailable is 100%.';
      const least = leastProtected(cluster, budget);
      if (least === undefined || least.autoscaler || least.replicas === 0) return undefined;
      const available = podCount(minAvailable, least.replicas);
      if (available === undefined || available < least.replicas) return undefined;
      return `minAvailable is ${String(minAvailable)}, of ${least.replicas} replicas.`;
    },
  }),
  objectRule({
    kinds: ['PodDisruptionBudget'],
    id: 'pdb-min-available-hpa',
    severity: 'error',
    why: 'When the autoscaler is at its least, the budget lets no pod go and blocks every drain.',
    fix: LET_ONE_GO,
    violation: (budget, cluster) => {
      const { minAvailable } = budgetOf(budget);
      const least = leastProtected(cluster, budget);
      const available = least?.autoscaler && podCount(minAvailable, least.replicas);
      if (!least?.autoscaler || available === undefined || available < least.replicas || minAvailable === '100%') {
        return undefined;
      }
      return `minAvailable is ${String(minAvailable)}, and ${least.autoscaler.title} goes down to ${least.replicas}.`;
    },
  }),
  podRule({
    id: 'no-spread',
    severity: 'warning',
    why: 'The scheduler may put every replica on one node, whose failure is then an outage.',
    fix: 'add topologySpreadConstraints over hosts and zones, or a podAntiAffinity.',
    violation: (pod, cluster) =>
      isReplicated(cluster, pod) &&
      listAt(pod.spec, 'topologySpreadConstraints').length === 0 &&
      at(pod.spec, 'affinity.podAntiAffinity') === undefined &&
      'it has neither topologySpreadConstraints nor a podAntiAffinity.',
  }),
  objectRule({
    kinds: ['Deployment'],
    id: 'no-rolling-update-strategy',
    severity: 'error',
    why: 'An update that takes every old pod at once is an outage until the new ones are ready.',
    fix: 'set maxUnavailable to 0 and maxSurge to 25%.',
    violation: ({ value }) => {
      const unavailable = at(value, 'spec.strategy.rollingUpdate.maxUnavailable');
      const replicas = numberAt(value, 'spec.replicas');
      const isAll =
        unavailable === '100%' ||
        (typeof unavailable === 'number' && Boolean(replicas) && unavailable >= Number(replicas));
      const of = replicas === undefined ? '' : ` of ${replicas} replicas`;
      return isAll && `strategy.rollingUpdate.maxUnavailable is ${String(unavailable)}${of}.`;
    },
  }),
  objectRule({
    kinds: ['Deployment'],
    id: 'recreate-strategy',
    severity: 'warning',
    why: 'Every update is an outage; sometimes a volume that only one pod may have asks for it.',
    fix: 'use RollingUpdate, or a StatefulSet where each pod needs a volume of its own.',
    violation: ({ value }) => textAt(value, 'spec.strategy.type') === 'Recreate' && 'strategy.type is Recreate.',
  }),
];

function budgetOf({ value }: KubeObject) {
  return { minAvailable: at(value, 'spec.minAvailable'), maxUnavailable: at(value, 'spec.maxUnavailable') };
}
