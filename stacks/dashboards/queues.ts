import { type Dashboard, jobMatchers, type Panel, ratePanel } from '../../constructs/index.js';
import {
  quantileOf,
  RATE_WINDOW_SECONDS,
  retryQueueName,
  type TaskTopology,
  taskDuration,
  tasksFinished,
  total,
  worker,
  workQueueNames,
} from '../../contract/index.js';
import { queueLengths } from '../queue-lengths.js';
import type { DashboardSources } from './dashboard-sources.js';

/** What waits, what has failed for good, and what becomes of the tasks; `undefined` where nobody tells how long the queues are. */
export function queuesDashboard({ platform, targets, topologies }: DashboardSources): Dashboard | undefined {
  const lengths = queueLengths(platform, targets);
  if (!lengths) return undefined;
  const { backlog, lengthOf } = lengths;
  const atWorker = jobMatchers(platform, worker.name);
  const waiting = (title: string, queues: (topology: TaskTopology) => readonly string[]): Panel => ({
    title,
    unit: backlog.unit,
    queries: topologies.flatMap(queues).map((queue) => ({ expr: lengthOf(queue), legend: queue })),
  });
  return {
    id: 'queues',
    title: 'Queues',
    rows: [
      {
        title: 'Waiting',
        panels: [
          {
            title: 'Backlog of all work queues',
            unit: backlog.unit,
            queries: [{ expr: backlog.expression(lengths.matchers), legend: 'backlog' }],
          },
          waiting('By queue', workQueueNames),
          waiting('For their next try', (topology) =>
            topology.retryDelaysSeconds.map((_, retry) => retryQueueName(topology, retry)),
          ),
          waiting('Failed for good', ({ deadLetterQueue }) => [deadLetterQueue]),
        ],
      },
      {
        title: 'Workers',
        panels: [
          ratePanel('Tasks that ended, by outcome', tasksFinished, {
            matchers: atWorker,
            by: ['kind', 'outcome'],
            windowSeconds: RATE_WINDOW_SECONDS,
          }),
          {
            title: 'p99 of a task',
            unit: taskDuration.unit,
            queries: [
              {
                expr: total(
                  quantileOf(taskDuration, 0.99, { matchers: atWorker, windowSeconds: RATE_WINDOW_SECONDS }),
                  { matchers: atWorker },
                ),
                legend: 'p99',
              },
            ],
          },
        ],
      },
    ],
  };
}
