import type { StoreSpec } from '../vocabulary/index.js';
import { ports } from './ports.js';
import { METRICS_PATH } from './services.js';
import {
  alertNotificationsFailed,
  cronJobMade,
  cronJobScheduled,
  cronJobSucceeded,
  queueMessagesReady,
  spansLost,
} from './store-metrics.js';

export const redis = {
  name: 'redis',
  port: ports.redis,
  metricsPort: ports.redisMetrics,
  metricsPath: METRICS_PATH,
  metrics: [],
} as const satisfies StoreSpec;

export const postgres = {
  name: 'postgres',
  port: ports.postgres,
  metricsPort: ports.postgresMetrics,
  metricsPath: METRICS_PATH,
  metrics: [],
} as const satisfies StoreSpec;

export const rabbitmq = {
  name: 'rabbitmq',
  port: ports.rabbitmq,
  metricsPort: ports.rabbitmqMetrics,
  metricsPath: '/metrics/detailed',
  metricsQuery: { family: ['queue_coarse_metrics'] },
  metrics: [queueMessagesReady],
} as const satisfies StoreSpec;

export const qdrant = {
  name: 'qdrant',
  port: ports.qdrant,
  metricsPort: ports.qdrant,
  metricsPath: METRICS_PATH,
  metrics: [],
} as const satisfies StoreSpec;

export const objectStore = {
  name: 'object-store',
  port: ports.objectStore,
  metricsPort: ports.objectStoreMetrics,
  metricsPath: METRICS_PATH,
  metrics: [],
} as const satisfies StoreSpec;

export const prometheus = { name: 'prometheus', port: ports.prometheus, metrics: [] } as const satisfies StoreSpec;

export const metricsAdapter = {
  name: 'prometheus-adapter',
  port: ports.metricsAdapter,
  metricsPort: ports.metricsAdapter,
  metricsPath: METRICS_PATH,
  metrics: [],
} as const satisfies StoreSpec;

export const alertmanager = {
  name: 'alertmanager',
  port: ports.alertmanager,
  metricsPort: ports.alertmanager,
  metricsPath: METRICS_PATH,
  metrics: [alertNotificationsFailed],
} as const satisfies StoreSpec;

export const grafana = {
  name: 'grafana',
  port: ports.grafana,
  metricsPort: ports.grafana,
  metricsPath: METRICS_PATH,
  metrics: [],
} as const satisfies StoreSpec;

export const otelCollector = {
  name: 'otel-collector',
  port: ports.otlpHttp,
  metricsPort: ports.otelCollectorMetrics,
  metricsPath: METRICS_PATH,
  metrics: spansLost,
} as const satisfies StoreSpec;

export const kubeStateMetrics = {
  name: 'kube-state-metrics',
  port: ports.kubeStateMetrics,
  metricsPort: ports.kubeStateMetrics,
  metricsPath: METRICS_PATH,
  metrics: [cronJobMade, cronJobScheduled, cronJobSucceeded],
} as const satisfies StoreSpec;

/** Every store and cluster service that pods connect to. */
export const stores = {
  redis,
  postgres,
  rabbitmq,
  qdrant,
  objectStore,
  prometheus,
  metricsAdapter,
  alertmanager,
  grafana,
  otelCollector,
  kubeStateMetrics,
} as const;
export type StoreName = keyof typeof stores;
