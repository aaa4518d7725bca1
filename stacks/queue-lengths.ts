import { jobMatchers, type PlatformContext, type ScrapeTarget } from '../constructs/index.js';
import {
  type Matchers,
  maxOf,
  queueMessagesReady,
  type ScalingMetric,
  sumOf,
  taskBacklog,
  taskQueueMessages,
  toldTaskBacklog,
} from '../contract/index.js';

/** Who tells Prometheus how long the queues are, and how it is asked. */
export interface QueueLengths {
  readonly backlog: ScalingMetric;
  /** Labels of the endpoint that tells. */
  readonly matchers: Matchers;
  /** PromQL: messages that wait in one queue. */
  lengthOf(queue: string): string;
}

/** The broker's own exporter, or where the broker is managed elsewhere, and has none, the processes that work on its queues. */
export function queueLengths(platform: PlatformContext, targets: readonly ScrapeTarget[]): QueueLengths | undefined {
  const whoever = (metric: ScrapeTarget['metrics'][number]) => targets.find(({ metrics }) => metrics.includes(metric));
  const broker = whoever(queueMessagesReady);
  const workers = whoever(taskQueueMessages);
  if (broker) {
    const matchers = jobMatchers(platform, broker.name);
    const lengthOf = (queue: string) => sumOf(queueMessagesReady, { matchers: { ...matchers, queue } });
    return { backlog: taskBacklog, matchers, lengthOf };
  }
  if (!workers) return undefined;
  const matchers = jobMatchers(platform, workers.name);
  const lengthOf = (queue: string) => maxOf(taskQueueMessages, { matchers: { ...matchers, queue } });
  return { backlog: toldTaskBacklog, matchers, lengthOf };
}
