import type { Cluster } from '../cluster.js';
import { at, type Fields, listAt, mapAt, numberAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { PodTemplate } from '../pod-template.js';
import { quantityValue } from '../quantity-value.js';
import { containerRule, objectRule, podRule } from './rule-forms.js';

/** A limit on CPU is a choice (it throttles); without the others a container takes what its neighbours need. */
const NEEDED = ['requests.cpu', 'requests.memory', 'limits.memory'];

/**
 * Outside of them a quantity was meant in another unit: no process runs in a mebibyte, no node has so many cores, and whoever takes many
 * of them takes more memory for each than that.
 */
const PLAUSIBLE = { bytes: 2 ** 20, cores: 512, many: 16, bytesPerCore: 64 * 2 ** 20 } as const;
const BYTES = ['memory', 'ephemeral-storage'];

function implausible(resource: string, value: number, { cpu = 0, memory }: Amounts): string | undefined {
  if (resource !== 'cpu') return value < PLAUSIBLE.bytes ? `${value} bytes` : undefined;
  const isLopsided = cpu >= PLAUSIBLE.many && memory !== undefined && memory < cpu * PLAUSIBLE.bytesPerCore;
  return value > PLAUSIBLE.cores || isLopsided ? `${value} cores` : undefined;
}

interface Amounts {
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
}

/** A request that is not stated is as high as the limit. */
function requestOf(fields: Fields, resource: string): unknown {
  return at(fields, `resources.requests.${resource}`) ?? at(fields, `resources.limits.${resource}`);
}

export const resourceRules: readonly Rule[] = [
  containerRule({
    id: 'unset-resources',
    severity: 'warning',
    why: 'The scheduler cannot place what requests nothing, and one leak takes down its whole node.',
    fix: 'state what it needs, and what it may take.',
    violation: ({ fields }) => {
      const missing = NEEDED.filter((path) => {
        const [side = '', resource = ''] = path.split('.');
        const stated = side === 'requests' ? requestOf(fields, resource) : at(fields, `resources.${path}`);
        return stated === undefined;
      });
      return missing.length > 0 && `resources lacks ${missing.join(', ')}.`;
    },
  }),
  containerRule({
    id: 'requests-above-limits',
    severity: 'error',
    why: 'The API server refuses a pod that requests more than it may take.',
    fix: 'raise the limit or lower the request.',
    violation: ({ fields }) =>
      Object.entries(mapAt(fields, 'resources.requests')).flatMap(([resource, request]) => {
        const limit = at(fields, `resources.limits.${resource}`);
        const [wanted, allowed] = [quantityValue(request), quantityValue(limit)];
        if (wanted === undefined || allowed === undefined || wanted <= allowed) return [];
        return [`it requests ${resource} ${String(request)}, and its limit is ${String(limit)}.`];
      }),
  }),
  containerRule({
    id: 'implausible-quantity',
    severity: 'error',
    why: 'A quantity in the wrong unit is valid, and never scheduled or killed at once: `m` is a thousandth, of a byte too.',
    fix: 'write CPU as `500m` or `2`, and memory as `512Mi` or `2Gi`.',
    violation: ({ fields }) =>
      ['requests', 'limits'].flatMap((side) =>
        Object.entries(mapAt(fields, `resources.${side}`)).flatMap(([resource, quantity]) => {
          const [cpu, memory] = ['cpu', 'memory'].map((one) => quantityValue(at(fields, `resources.${side}.${one}`)));
          const value = quantityValue(quantity);
          if (value === undefined || !['cpu', ...BYTES].includes(resource)) return [];
          const meant = implausible(resource, value, { cpu, memory });
          return meant === undefined ? [] : [`resources.${side}.${resource} is ${String(quantity)}: ${meant}.`];
        }),
      ),
  }),
  objectRule({
    kinds: ['ResourceQuota'],
    id: 'quota-too-small',
    severity: 'error',
    why: 'Pods beyond the quota are never made, and the Deployment only says so in its conditions.',
    fix: 'raise the quota, or lower what the pods request or how many there are.',
    violation: (quota, cluster) => {
      if (listAt(quota.value, 'spec.scopes').length > 0 || at(quota.value, 'spec.scopeSelector')) return undefined;
      const pods = cluster.pods.filter(({ namespace, isLasting }) => isLasting && namespace === quota.namespace);
      return Object.entries(mapAt(quota.value, 'spec.hard')).flatMap(([name, hard]) => {
        const held = quantityValue(hard);
        const needed = pods.reduce((sum, pod) => sum + leastReplicas(cluster, pod) * (demandOf(pod, name) ?? 0), 0);
        if (held === undefined || needed <= held * (1 + 1e-9)) return [];
        return [
          `spec.hard.${name} is ${String(hard)}, and the namespace's pods need ${readable(needed)} at the least.`,
        ];
      });
    },
  }),
  podRule({
    id: 'priority-class-name',
    severity: 'warning',
    why: 'In a cluster that is full, pods without a priority are the first to go.',
    fix: 'name a PriorityClass.',
    violation: ({ spec }) =>
      textAt(spec, 'priorityClassName') === undefined &&
      at(spec, 'priority') === undefined &&
      'priorityClassName is not set.',
  }),
];

function readable(value: number): string {
  return value >= 2 ** 30 ? `${Math.ceil((value / 2 ** 30) * 10) / 10}Gi` : String(Math.ceil(value * 1000) / 1000);
}

function leastReplicas(cluster: Cluster, { owner }: PodTemplate): number {
  if (owner.kind === 'DaemonSet' || owner.kind === 'Pod') return 1;
  const hpa = cluster.ofKind('HorizontalPodAutoscaler').find((one) => cluster.scaleTarget(one) === owner);
  return numberAt(hpa?.value, 'spec.minReplicas') ?? numberAt(owner.value, 'spec.replicas') ?? 1;
}

/** What one pod counts for; undefined if the quota bounds something else. */
function demandOf({ containers }: PodTemplate, name: string): number | undefined {
  if (name === 'pods') return 1;
  const [, side, resource] = /^(requests|limits)\.([a-z-]+)$/.exec(name) ?? ['', 'requests', name];
  if (side === undefined || resource === undefined || !['cpu', 'memory', 'ephemeral-storage'].includes(resource)) {
    return undefined;
  }
  const each = containers
    .filter(({ isInit }) => !isInit)
    .map(({ fields }) =>
      side === 'requests' ? requestOf(fields, resource) : at(fields, `resources.limits.${resource}`),
    );
  return each.reduce<number>((sum, quantity) => sum + (quantityValue(quantity) ?? 0), 0);
}
