import { autoscalers, replicaBounds } from '../autoscaler.js';
import type { Cluster } from '../cluster.js';
import { at, numberAt, textAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';

/** A number of pods, or a share of them (`25%`); Kubernetes rounds a budget's share up. Undefined if it is neither. */
function podCount(value: unknown, replicas: number): number | undefined {
  if (typeof value === 'number') return value;
  const [, percent] = /^(\d+)%$/.exec(typeof value === 'string' ? value : '') ?? [];
  return percent === undefined ? undefined : Math.ceil((Number(percent) / 100) * replicas);
}

interface Budget {
  readonly object: KubeObject;
  readonly minAvailable: unknown;
  readonly maxUnavailable: unknown;
  /** Least replicas of all that it selects, with the autoscaler that says so. Undefined where that is not known. */
  readonly least: { readonly replicas: number; readonly autoscaler?: KubeObject } | undefined;
}

function budgets(cluster: Cluster): readonly Budget[] {
  return cluster.ofKind('PodDisruptionBudget').map((object) => ({
    object,
    minAvailable: at(object.value, 'spec.minAvailable'),
    maxUnavailable: at(object.value, 'spec.maxUnavailable'),
    least: leastReplicas(cluster, object),
  }));
}

function leastReplicas(cluster: Cluster, budget: KubeObject): Budget['least'] {
  const owners = cluster.podsSelected(budget.namespace, at(budget.value, 'spec.selector')).map(({ owner }) => owner);
  const [owner] = owners;
  // Of several workloads under one budget the sum would count; leave them to whoever chose that.
  if (owner === undefined || owners.length > 1 || owner.kind === 'DaemonSet') return undefined;
  const autoscaler = autoscalers(cluster).find((one) => cluster.scaleTarget(one) === owner);
  // KEDA may take the last pod too; then there is none to disrupt.
  if (autoscaler) return { replicas: Math.max(1, replicaBounds(autoscaler).min), autoscaler };
  return { replicas: numberAt(owner.value, 'spec.replicas') ?? 1 };
}

const FIX = 'let at least one pod go: maxUnavailable 1, or one replica more than minAvailable.';

export const disruptionRules: readonly Rule[] = [
  {
    id: 'pdb-zero-disruptions',
    severity: 'error',
    why: 'A budget that lets no pod go blocks every drain of a node, and with it every upgrade.',
    find: (cluster) =>
      budgets(cluster).flatMap(({ object, minAvailable, maxUnavailable, least }): Problem[] => {
        if (podCount(maxUnavailable, 1) === 0) {
          return [{ object, message: `maxUnavailable is ${String(maxUnavailable)}.`, fix: FIX }];
        }
        if (minAvailable === '100%') return [{ object, message: 'minAvailable is 100%.', fix: FIX }];
        if (least === undefined || least.autoscaler) return [];
        const available = podCount(minAvailable, least.replicas);
        if (available === undefined || available < least.replicas || least.replicas === 0) return [];
        const message = `minAvailable is ${String(minAvailable)}, of ${least.replicas} replicas.`;
        return [{ object, message, fix: FIX }];
      }),
  },
  {
    id: 'pdb-min-available-hpa',
    severity: 'error',
    why: 'When the autoscaler is at its least, the budget lets no pod go and blocks every drain.',
    find: (cluster) =>
      budgets(cluster).flatMap(({ object, minAvailable, least }): Problem[] => {
        const available = least?.autoscaler && podCount(minAvailable, least.replicas);
        if (!least?.autoscaler || available === undefined || available < least.replicas || minAvailable === '100%') {
          return [];
        }
        const message = `minAvailable is ${String(minAvailable)}, and ${least.autoscaler.title} goes down to ${least.replicas}.`;
        return [{ object, message, fix: FIX }];
      }),
  },
  {
    id: 'no-rolling-update-strategy',
    severity: 'error',
    why: 'An update that takes every old pod at once is an outage until the new ones are ready.',
    find: (cluster) =>
      cluster.ofKind('Deployment').flatMap((object): Problem[] => {
        const unavailable = at(object.value, 'spec.strategy.rollingUpdate.maxUnavailable');
        const replicas = numberAt(object.value, 'spec.replicas');
        const isAll =
          unavailable === '100%' || (typeof unavailable === 'number' && replicas && unavailable >= replicas);
        if (!isAll) return [];
        const of = replicas === undefined ? '' : ` of ${replicas} replicas`;
        const message = `strategy.rollingUpdate.maxUnavailable is ${String(unavailable)}${of}.`;
        return [{ object, message, fix: 'set maxUnavailable to 0 and maxSurge to 25%.' }];
      }),
  },
  {
    id: 'recreate-strategy',
    severity: 'warning',
    why: 'Every update is an outage; sometimes a volume that only one pod may have asks for it.',
    find: (cluster) =>
      cluster
        .ofKind('Deployment')
        .filter(({ value }) => textAt(value, 'spec.strategy.type') === 'Recreate')
        .map((object) => ({
          object,
          message: 'strategy.type is Recreate.',
          fix: 'use RollingUpdate, or a StatefulSet where each pod needs a volume of its own.',
        })),
  },
];
