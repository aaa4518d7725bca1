import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.js';
import { at, listAt, mapAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import { isSameHost, meshHost } from '../mesh-host.js';
import { type MeshDestination, meshRoutes } from '../mesh-route.js';
import type { PodTemplate } from '../pod-template.js';
import { objectRule } from './rule-forms.js';

function hostOf({ namespace, value }: KubeObject) {
  return meshHost(textAt(value, 'spec.host') ?? '', namespace);
}

function subsetNames({ value }: KubeObject): readonly string[] {
  return listAt(value, 'spec.subsets').flatMap((subset) => textAt(subset, 'name') ?? []);
}

/** What two rules of one namespace both say. Istio merges them where they say different things. */
function saidTwice(one: KubeObject, other: KubeObject): readonly string[] {
  const policies = [one, other].every(({ value }) => at(value, 'spec.trafficPolicy') !== undefined);
  const subsets = subsetNames(one).filter((name) => subsetNames(other).includes(name));
  return [...(policies ? ['trafficPolicy'] : []), ...subsets.map((name) => `subset "${name}"`)];
}

/** The one workload that a destination's subset means; undefined where there are several or none. */
function podOf(cluster: Cluster, { host, fields }: MeshDestination, namespace: string): PodTemplate | undefined {
  const target = meshHost(host, namespace);
  const name = textAt(fields, 'subset');
  if (target.kind === 'external' || name === undefined) return undefined;
  const subset = cluster
    .ofKind('DestinationRule')
    .filter((rule) => isSameHost(hostOf(rule), target))
    .flatMap(({ value }) => listAt(value, 'spec.subsets'))
    .find((one) => textAt(one, 'name') === name);
  const selector = mapAt(cluster.find('Service', target.namespace, target.name)?.value, 'spec.selector');
  const pods = cluster.podsWith(target.namespace, { ...selector, ...mapAt(subset, 'labels') });
  return pods.length === 1 ? pods[0] : undefined;
}

/** Settings may come by a volume: then its ConfigMap is what tells two releases apart. */
function runTheSame(one: PodTemplate, other: PodTemplate): boolean {
  return ['initContainers', 'containers', 'volumes'].every((part) =>
    isDeepStrictEqual(one.spec[part], other.spec[part]),
  );
}

export const subsetRules: readonly Rule[] = [
  objectRule({
    kinds: ['DestinationRule'],
    id: 'conflicting-traffic-policies',
    severity: 'error',
    why: 'Of what two DestinationRules of a namespace say of one host Istio takes the older’s word, and drops the other’s.',
    fix: 'put both into one DestinationRule.',
    violation: (rule, cluster) => {
      const all = cluster.ofKind('DestinationRule');
      return all
        .slice(0, all.indexOf(rule))
        .filter((rival) => rival.namespace === rule.namespace && isSameHost(hostOf(rival), hostOf(rule)))
        .filter(({ value }) =>
          isDeepStrictEqual(at(value, 'spec.workloadSelector'), at(rule.value, 'spec.workloadSelector')),
        )
        .filter((rival) => saidTwice(rival, rule).length > 0)
        .map(
          (rival) =>
            `${rival.title} states ${saidTwice(rival, rule).join(', ')} of "${textAt(rule.value, 'spec.host')}" already.`,
        );
    },
  }),
  objectRule({
    kinds: ['VirtualService'],
    id: 'same-release',
    severity: 'warning',
    why: 'Where both sides of a split run the same, nothing is tried: whatever is found of the new release is true of the old one.',
    fix: 'give the new release its own image or settings, or send everything to one of them.',
    violation: (virtualService, cluster) =>
      meshRoutes(virtualService).flatMap(({ title, destinations, weights }) => {
        const sides = destinations.flatMap((one, i) => {
          const pod = weights[i] ? podOf(cluster, one, virtualService.namespace) : undefined;
          return pod ? [pod] : [];
        });
        return sides.flatMap((pod, i) => {
          const twin = sides.slice(0, i).find((one) => one !== pod && runTheSame(one, pod));
          return twin
            ? [
                `${title} splits between ${twin.owner.title} and ${pod.owner.title}, whose containers and volumes are the same.`,
              ]
            : [];
        });
      }),
  }),
];
