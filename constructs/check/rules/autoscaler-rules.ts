import { autoscalers, behaviorPath, replicaBounds, utilisations } from '../autoscaler.js';
import { at, listAt, numberAt, textAt } from '../field.js';
import type { Problem, Rule } from '../finding.js';
import { type KubeObject, placeText } from '../kube-object.js';
import { quantityValue } from '../quantity-value.js';
import { objectRule } from './rule-forms.js';

function targetText({ value }: KubeObject): string {
  return `${textAt(value, 'spec.scaleTargetRef.kind') ?? 'Deployment'}/${textAt(value, 'spec.scaleTargetRef.name') ?? ''}`;
}

/** The API of the target, where it is stated: a wrong one is another kind. */
function apiText({ value }: KubeObject): string {
  const api = textAt(value, 'spec.scaleTargetRef.apiVersion');
  return api === undefined ? '' : `${api} `;
}

function isTargetOf({ value }: KubeObject, target: KubeObject | undefined): boolean {
  const api = textAt(value, 'spec.scaleTargetRef.apiVersion');
  const group = api?.includes('/') ? api.slice(0, api.indexOf('/')) : '';
  return target !== undefined && (api === undefined || group === target.group);
}

function sum(quantities: readonly (number | undefined)[] = []): number {
  return quantities.reduce<number>((total, one) => total + (one ?? 0), 0);
}

const UNSCALABLE = ['DaemonSet', 'Job', 'CronJob', 'Pod', 'Service', 'Node'];

export const autoscalerRules: readonly Rule[] = [
  {
    id: 'dangling-autoscaler',
    severity: 'error',
    why: 'An autoscaler whose target is missing scales nothing.',
    fix: 'correct kind and name, or add the workload.',
    find: (cluster) =>
      autoscalers(cluster)
        .filter(({ value }) => !UNSCALABLE.includes(textAt(value, 'spec.scaleTargetRef.kind') ?? ''))
        .filter((autoscaler) => !isTargetOf(autoscaler, cluster.scaleTarget(autoscaler)))
        .map((autoscaler) => ({
          object: autoscaler,
          message: `scaleTargetRef names ${apiText(autoscaler)}${targetText(autoscaler)}, which is not in ${placeText(autoscaler, autoscaler.namespace)}.`,
        })),
  },
  {
    id: 'unscalable-target',
    severity: 'error',
    why: 'An autoscaler changes how many replicas there are: of what has none it changes nothing.',
    fix: 'scale a Deployment or StatefulSet; a DaemonSet has a pod on each node, and a job ends.',
    find: (cluster) =>
      autoscalers(cluster)
        .filter(({ value }) => UNSCALABLE.includes(textAt(value, 'spec.scaleTargetRef.kind') ?? ''))
        .map((object) => ({ object, message: `scaleTargetRef names ${targetText(object)}.` })),
  },
  {
    id: 'two-autoscalers',
    severity: 'error',
    why: 'Two autoscalers on one workload undo each other’s decisions.',
    fix: 'put the metrics of both into one autoscaler: it follows the one that asks for most.',
    find: (cluster) => {
      const all = autoscalers(cluster);
      return all.flatMap((autoscaler, i): Problem[] => {
        const rival = all
          .slice(0, i)
          .find((one) => one.namespace === autoscaler.namespace && targetText(one) === targetText(autoscaler));
        if (rival === undefined) return [];
        return [
          {
            object: autoscaler,
            message: `${targetText(autoscaler)} is scaled by ${rival.title} already.`,
          },
        ];
      });
    },
  },
  {
    id: 'replicas-under-autoscaler',
    severity: 'error',
    why: 'Each apply of a manifest that states replicas throws away what the autoscaler decided.',
    fix: 'leave spec.replicas out; the autoscaler starts at its own minimum.',
    find: (cluster) =>
      autoscalers(cluster).flatMap((autoscaler): Problem[] => {
        const target = cluster.scaleTarget(autoscaler);
        const replicas = at(target?.value, 'spec.replicas');
        if (target === undefined || replicas === undefined || replicas === null) return [];
        return [
          {
            object: target,
            message: `it states replicas: ${String(replicas)} and is scaled by ${autoscaler.title}.`,
          },
        ];
      }),
  },
  {
    id: 'autoscaler-bounds',
    severity: 'error',
    why: 'The API server refuses an autoscaler whose least is above its most.',
    fix: 'raise the maximum or lower the minimum.',
    find: (cluster) =>
      autoscalers(cluster)
        .map((object) => ({ object, ...replicaBounds(object) }))
        .filter(({ min, max }) => max !== undefined && min > max)
        .map(({ object, min, max }) => ({
          object,
          message: `the least replicas, ${min}, are more than the most, ${max}.`,
        })),
  },
  {
    id: 'hpa-minimum-replicas',
    severity: 'warning',
    why: 'With one replica, its node’s failure is an outage.',
    fix: 'set minReplicas to 2 or more.',
    find: (cluster) =>
      autoscalers(cluster)
        .map((object) => ({ object, ...replicaBounds(object) }))
        // Whoever says none has chosen it.
        .filter(({ object, min }) => min < 2 && at(object.value, 'spec.minReplicaCount') !== 0)
        .map(({ object, min }) => {
          const field = object.kind === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas';
          return { object, message: `${field} is ${min}.`, fix: `set ${field} to 2 or more.` };
        }),
  },
  {
    id: 'hpa-behavior',
    severity: 'warning',
    why: 'Defaults scale down 100 % at once after 5 minutes, which a workload that is slow to start may not survive.',
    fix: 'state policies and stabilizationWindowSeconds for both directions.',
    find: (cluster) =>
      autoscalers(cluster).flatMap((autoscaler): Problem[] => {
        const behavior = behaviorPath(autoscaler);
        const unsaid = ['scaleUp', 'scaleDown'].filter(
          (direction) => at(autoscaler.value, `${behavior}.${direction}`) === undefined,
        );
        if (unsaid.length === 0) return [];
        return [
          {
            object: autoscaler,
            message: `${behavior} says nothing of ${unsaid.join(' and ')}.`,
          },
        ];
      }),
  },
  {
    id: 'hpa-without-requests',
    severity: 'error',
    why: 'A utilisation is a share of what is requested; of a container without a request there is none, and nothing scales.',
    fix: 'add resources.requests of it to every container of the target.',
    find: (cluster) =>
      autoscalers(cluster).flatMap((autoscaler) => {
        const target = cluster.scaleTarget(autoscaler);
        const containers = cluster.pods.find(({ owner }) => owner === target)?.containers ?? [];
        return utilisations(autoscaler).flatMap((resource): Problem[] => {
          const without = containers.filter(
            ({ fields, isInit }) =>
              !isInit &&
              [at(fields, `resources.requests.${resource}`), at(fields, `resources.limits.${resource}`)].every(
                (quantity) => quantity === undefined,
              ),
          );
          if (without.length === 0) return [];
          const names = without.map(({ name }) => `"${name}"`).join(', ');
          return [
            {
              object: autoscaler,
              message: `it scales on a utilisation of ${resource}, of which ${targetText(autoscaler)} requests none in container ${names}.`,
            },
          ];
        });
      }),
  },
  objectRule({
    kinds: ['HorizontalPodAutoscaler'],
    id: 'utilisation-unreachable',
    severity: 'error',
    why: 'A container uses no more than its limit: where that is below the target, nothing ever scales up.',
    fix: 'lower averageUtilization, or raise the limits above the requests.',
    violation: (autoscaler, cluster) => {
      const target = cluster.scaleTarget(autoscaler);
      const containers = (cluster.pods.find(({ owner }) => owner === target)?.containers ?? []).filter(
        (one) => !one.isInit,
      );
      return listAt(autoscaler.value, 'spec.metrics').flatMap((metric) => {
        const resource = textAt(metric, 'resource.name') ?? '';
        const wanted = numberAt(metric, 'resource.target.averageUtilization') ?? 0;
        const [limits, requests] = ['limits', 'requests'].map((side) =>
          containers.map(({ fields }) => quantityValue(at(fields, `resources.${side}.${resource}`))),
        );
        if (containers.length === 0 || [limits, requests].some((all) => all === undefined || all.includes(undefined)))
          return [];
        const most = (100 * sum(limits)) / sum(requests);
        return wanted > most
          ? [`averageUtilization of ${resource} is ${wanted}, and the limits let it be ${Math.round(most)}.`]
          : [];
      });
    },
  }),
  objectRule({
    kinds: ['HorizontalPodAutoscaler'],
    id: 'hpa-limits',
    severity: 'error',
    why: 'The API server refuses windows above an hour, periods above half of one, and shares that are no whole percentages.',
    fix: 'give windows and periods in seconds, and utilisation in percent: 300, 60, 70.',
    violation: ({ value }) => [
      ...['scaleUp', 'scaleDown'].flatMap((direction) => {
        const rules = at(value, `spec.behavior.${direction}`);
        const windowSeconds = numberAt(rules, 'stabilizationWindowSeconds') ?? 0;
        const periods = listAt(rules, 'policies').map((policy) => numberAt(policy, 'periodSeconds') ?? 1);
        return [
          ...(windowSeconds > 3600 ? [`${direction}.stabilizationWindowSeconds is ${windowSeconds}.`] : []),
          ...periods.filter((period) => period > 1800).map((period) => `${direction} has periodSeconds ${period}.`),
        ];
      }),
      ...listAt(value, 'spec.metrics').flatMap((metric) => {
        const percent = at(metric, 'resource.target.averageUtilization') ?? 1;
        const isWhole = Number.isInteger(percent) && Number(percent) > 0;
        return isWhole ? [] : [`averageUtilization is ${JSON.stringify(percent)}.`];
      }),
    ],
  }),
];
