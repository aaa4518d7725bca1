/** What the programs of others tell of themselves: stores, and what watches them. */
import { counter, gauge } from '../vocabulary/index.js';

/** RabbitMQ's own exporter (`/metrics/detailed?family=queue_coarse_metrics`): one series for each queue. */
export const queueMessagesReady = gauge({
  name: 'rabbitmq_detailed_queue_messages_ready',
  unit: 'messages',
  help: 'Messages that wait in a queue for a consumer.',
  labels: ['queue', 'vhost'],
  source: 'rabbitmq',
});

/** Alertmanager's own: a receiver that did not take an alert, after all attempts. */
export const alertNotificationsFailed = counter({
  name: 'alertmanager_notifications_failed_total',
  unit: 'events',
  help: 'Notifications that a receiver did not take.',
  labels: ['integration', 'reason'],
  source: 'alertmanager',
});

const ofCollector = { unit: 'events', source: 'otel-collector' } as const;

/** The OpenTelemetry collector's own: spans that the tracing back end did not take, after all attempts. */
export const spansUnsent = counter({
  ...ofCollector,
  name: 'otelcol_exporter_send_failed_spans_total',
  help: 'Spans that could not be sent on.',
  labels: ['exporter'],
});

/** Spans for which there was no room in the collector's queue. */
export const spansUnqueued = counter({
  ...ofCollector,
  name: 'otelcol_exporter_enqueue_failed_spans_total',
  help: 'Spans that found the queue full.',
  labels: ['exporter'],
});

/** Spans that the collector turned away, for its memory was full. */
export const spansRefused = counter({
  ...ofCollector,
  name: 'otelcol_receiver_refused_spans_total',
  help: 'Spans that were not taken in.',
  labels: ['receiver', 'transport'],
});

/** Every way in which a span is lost. */
export const spansLost = [spansUnsent, spansUnqueued, spansRefused] as const;

const cronJob = { unit: 'seconds', labels: ['cronjob'], source: 'kube-state-metrics' } as const;

/** What Kubernetes says of CronJobs, in seconds since 1970. kube-state-metrics tells it. */
export const cronJobMade = gauge({ ...cronJob, name: 'kube_cronjob_created', help: 'When the CronJob was made.' });
export const cronJobScheduled = gauge({
  ...cronJob,
  name: 'kube_cronjob_status_last_schedule_time',
  help: 'When a job was last started.',
});
export const cronJobSucceeded = gauge({
  ...cronJob,
  name: 'kube_cronjob_status_last_successful_time',
  help: 'When a job last ended well.',
});
