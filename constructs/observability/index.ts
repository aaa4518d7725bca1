export { type AdapterConfig, type AdapterRule, adapterConfig } from './adapter-rules.js';
export * from './alert.js';
export * from './alertmanager.js';
export type { AlertReceivers, AlertWebhook } from './alertmanager-config.js';
export { backupFailed, backupOverdue, type CronJobMetrics } from './backup-alerts.js';
export * from './dashboard.js';
export { Dashboards, type DashboardsChoice, dashboardsChoice, type GrafanaChoice } from './dashboards-choice.js';
export * from './grafana.js';
export * from './kube-state-metrics.js';
export {
  Monitoring,
  type MonitoringChoice,
  monitoringChoice,
  type OperatorChoice,
  type PrometheusSize,
} from './monitoring-choice.js';
export * from './operator-monitoring.js';
export * from './otel-collector.js';
export * from './prometheus.js';
export * from './prometheus-adapter.js';
export {
  jobMatchers,
  type RecordedMetric,
  type RecordingRule,
  recordedSelector,
  recordedSeries,
  recordingRules,
  type Substitute,
} from './recording-rule.js';
export { type RuleGroup, ruleGroups } from './rule-groups.js';
export { RUNBOOKS, type Runbook, type RunbookName } from './runbook.js';
export { type ScrapeTarget, serviceTarget, storeTarget } from './scrape-target.js';
export { errorRatioSeries } from './slo-rules.js';
export { type CollectorChoice, Tracing, type TracingChoice, tracingChoice } from './tracing-choice.js';
