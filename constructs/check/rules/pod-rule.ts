import type { Cluster } from '../cluster.js';
import type { Problem, Rule } from '../finding.js';
import type { Container, PodTemplate } from '../pod-template.js';

type Complaint = Omit<Problem, 'object'>;
type Head = Omit<Rule, 'find'>;

/** A rule on each pod by itself. */
export function podRule(head: Head, complaintOf: (pod: PodTemplate, cluster: Cluster) => Complaint | undefined): Rule {
  return {
    ...head,
    find: (cluster) =>
      cluster.pods.flatMap((pod) => {
        const complaint = complaintOf(pod, cluster);
        return complaint ? [{ object: pod.owner, ...complaint }] : [];
      }),
  };
}

/** A rule on each container by itself, those that run before the others included. */
export function containerRule(
  head: Head,
  complaintOf: (container: Container, pod: PodTemplate) => Complaint | undefined,
): Rule {
  return {
    ...head,
    find: ({ pods }) =>
      pods.flatMap((pod) =>
        pod.containers.flatMap((container) => {
          const complaint = complaintOf(container, pod);
          if (!complaint) return [];
          return [{ object: pod.owner, ...complaint, message: `container "${container.name}": ${complaint.message}` }];
        }),
      ),
  };
}

/** A rule on the containers that run for as long as the pod does, of pods that run until they are stopped. */
export function lastingContainerRule(
  head: Head,
  complaintOf: (container: Container, pod: PodTemplate) => Complaint | undefined,
): Rule {
  return containerRule(head, (container, pod) =>
    pod.isLasting && !container.isInit ? complaintOf(container, pod) : undefined,
  );
}
