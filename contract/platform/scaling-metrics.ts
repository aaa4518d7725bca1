import {
  clusterMax,
  clusterSum,
  podQuantile,
  type ScalingMetric,
  sharedSum,
  workQueueNames,
} from '../vocabulary/index.js';
import { canaryFloor, httpRequestDuration, RATE_WINDOW_SECONDS, taskQueueMessages } from './metrics.js';
import { tasks } from './queues.js';
import { queueMessagesReady } from './store-metrics.js';

/** p99 of a pod's request latency, in seconds: scales the pods, judges the canary, stands on the dashboard. */
export const requestLatencyP99 = podQuantile(httpRequestDuration, 0.99, RATE_WINDOW_SECONDS);

const BACKLOG = 'task_backlog_messages';
const WORK_QUEUES = {
  queue: `~${workQueueNames(tasks)
    .map((name) => name.replaceAll('.', '\\.'))
    .join('|')}`,
};

/** Messages that wait in the work queues, as one number. */
export const taskBacklog = clusterSum(BACKLOG, queueMessagesReady, WORK_QUEUES);

/** The same number by the workers' word, where nobody scrapes the broker. */
export const toldTaskBacklog = sharedSum(BACKLOG, taskQueueMessages, ['queue'], WORK_QUEUES);

/**
 * The pods that a release asks of one of its Deployments, for that one's autoscaler to aim at with 1 each: a floor, since of several
 * metrics the one that asks for most decides. Only the controller that leads tells it.
 */
export function releaseFloor(deployment: string): ScalingMetric {
  return clusterMax(`${canaryFloor.name}_${deployment.replaceAll('-', '_')}`, canaryFloor, { deployment });
}
