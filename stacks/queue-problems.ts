import { retryQueueName, type ScalingMetric, type TaskTopology, workQueueNames } from '../contract/index.js';
import type { ServicePlan } from './service-plan.js';

/**
 * What is wrong between the queues that the broker holds and the services that work on them: a queue without a consumer fills up, a
 * consumer without its queue waits for ever, and a metric of a queue that is not there scales nothing.
 */
export function queueProblems(topologies: readonly TaskTopology[], plans: readonly ServicePlan[]): readonly string[] {
  const held = topologies.map(({ exchange }) => exchange);
  const consumed = plans.flatMap(({ consumes = [] }) => consumes.map(({ exchange }) => exchange));
  const queues = topologies.flatMap(allQueueNames);
  return [
    ...topologies
      .filter(({ exchange }) => !consumed.includes(exchange))
      .map(
        (topology) =>
          `nobody consumes the queue ${workQueueNames(topology).join(', ')} of "${topology.exchange}". Fix: name it in "consumes" of the plan of its worker, or leave it out of topologies().`,
      ),
    ...plans.flatMap(({ spec, consumes = [] }) =>
      consumes
        .filter(({ exchange }) => !held.includes(exchange))
        .map(
          ({ exchange }) =>
            `${spec.name} consumes "${exchange}", whose queues the broker does not hold (it holds ${held.join(', ') || 'none'}). Fix: add it to topologies().`,
        ),
    ),
    ...plans.flatMap(({ spec, scaleOn = [] }) =>
      scaleOn.flatMap(({ metric }) =>
        missedQueues(metric, queues).map(
          (queue) =>
            `${spec.name} scales on "${metric.name}" of the queue ${JSON.stringify(queue)}, which the broker does not hold (it holds ${queues.join(', ') || 'none'}). Fix: take the name from the topology.`,
        ),
      ),
    ),
  ];
}

function allQueueNames(topology: TaskTopology): string[] {
  const retries = topology.retryDelaysSeconds.map((_, retry) => retryQueueName(topology, retry));
  return [...workQueueNames(topology), ...retries, topology.deadLetterQueue];
}

/** Names or patterns of queues in a metric's expression that no queue has. */
function missedQueues({ of, expression }: ScalingMetric, queues: readonly string[]): readonly string[] {
  if (!of.labels.includes('queue')) return [];
  const matchers = [...expression({}).matchAll(/\bqueue=(~?)("(?:[^"\\]|\\.)*")/g)];
  return matchers.flatMap(([, isPattern, quoted = '""']) => {
    const name: unknown = JSON.parse(quoted);
    if (typeof name !== 'string') return [];
    const isHeld = isPattern ? queues.some((queue) => new RegExp(`^(?:${name})$`).test(queue)) : queues.includes(name);
    return isHeld ? [] : [name];
  });
}
