import type { Cluster } from '../cluster.js';
import type { Problem, Rule } from '../finding.js';
import type { KubeObject } from '../kube-object.js';
import type { Container, PodTemplate } from '../pod-template.js';

type Head = Omit<Rule, 'find'>;

/** What is wrong, with the bad value: one sentence or several. Nothing where nothing is. */
export type Violation = string | readonly string[] | false | undefined;

function problemsWith(object: KubeObject, violation: Violation): Problem[] {
  if (violation === undefined || violation === false) return [];
  return [violation].flat().map((message) => ({ object, message }));
}

/** A rule on each object of some kinds. */
export function objectRule(
  rule: Head & {
    readonly kinds: readonly string[];
    violation(object: KubeObject, cluster: Cluster): Violation;
  },
): Rule {
  const { kinds, violation, ...head } = rule;
  return {
    ...head,
    find: (cluster) => cluster.ofKind(...kinds).flatMap((object) => problemsWith(object, violation(object, cluster))),
  };
}

/** A rule on each pod; what is found is said of the object that makes it. */
export function podRule(rule: Head & { violation(pod: PodTemplate, cluster: Cluster): Violation }): Rule {
  const { violation, ...head } = rule;
  return {
    ...head,
    find: (cluster) => cluster.pods.flatMap((pod) => problemsWith(pod.owner, violation(pod, cluster))),
  };
}

type ContainerHead = Head & {
  violation(container: Container, pod: PodTemplate, cluster: Cluster): Violation;
};

/** A rule on each container, those that run before the others included. */
export function containerRule({ violation, ...head }: ContainerHead): Rule {
  return podRule({
    ...head,
    violation: (pod, cluster) =>
      pod.containers.flatMap((container) =>
        problemsWith(pod.owner, violation(container, pod, cluster)).map(
          ({ message }) => `container "${container.name}": ${message}`,
        ),
      ),
  });
}

/** A rule on the containers that run for as long as the pod does, of pods that run until they are stopped. */
export function lastingContainerRule({ violation, ...head }: ContainerHead): Rule {
  return containerRule({
    ...head,
    violation: (container, pod, cluster) => pod.isLasting && !container.isInit && violation(container, pod, cluster),
  });
}
