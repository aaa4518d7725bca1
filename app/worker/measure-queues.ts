import { taskQueueMessages } from '../../contract/index.js';
import type { TaskQueue } from '../queue/task-queue.js';
import { inTime } from '../resilience/deadline.js';
import type { Timers } from '../runtime/timers.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

/** Whoever scrapes waits so long at most for a broker that is away; the page has other metrics too. */
const TIMEOUT_MS = 2_000;

interface MeasureQueuesProps {
  readonly queue: Pick<TaskQueue, 'lengths'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly timers: Timers;
}

/**
 * Has the process tell how long its queues are: of a broker that is managed elsewhere nobody else does. While the broker does not answer it
 * tells nothing, so that the metric is lost and autoscalers do what `onMetricLoss` says.
 */
export function measureQueues({ queue, metrics, logger, timers }: MeasureQueuesProps): void {
  const read = { what: 'The broker', timeoutMs: TIMEOUT_MS, timers };
  metrics.measure(taskQueueMessages, async () => {
    try {
      const lengths = await inTime(read, queue.lengths());
      return Object.entries(lengths).map(([name, value]) => ({ labels: { queue: name }, value }));
    } catch (error) {
      logger.warn({ err: error }, 'nobody can tell how long the queues are');
      return [];
    }
  });
}
