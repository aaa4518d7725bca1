import { Cluster } from './cluster.js';
import type { Finding, Problem, Rule } from './finding.js';
import type { Manifest } from './kube-object.js';
import { rules } from './rules.js';

/**
 * What is wrong with a set of manifests, in their order. The set is taken for all that its namespaces hold, except Secrets: those
 * may be made elsewhere, and are looked up only in a namespace of which the set has one.
 *
 * @param table the rules to hold them to. @default all of them
 */
export function checkManifests(manifests: readonly Manifest[], table: readonly Rule[] = rules): readonly Finding[] {
  const cluster = new Cluster(manifests);
  const place = new Map(cluster.objects.map((object, i) => [object, i]));
  return table
    .flatMap((rule) => rule.find(cluster).map((problem) => ({ rule, problem })))
    .sort((a, b) => (place.get(a.problem.object) ?? 0) - (place.get(b.problem.object) ?? 0))
    .map(({ rule, problem }) => finding(rule, problem));
}

function finding({ id, severity, fix: mend }: Rule, { object, message, fix = mend }: Problem): Finding {
  const { file, constructPath, sourceLine } = object.source;
  return {
    rule: id,
    severity,
    object: object.title,
    message,
    fix,
    ...(file !== undefined && { file }),
    ...(constructPath !== undefined && { constructPath }),
    ...(sourceLine !== undefined && { sourceLine }),
  };
}
