export { type AdapterConfig, type AdapterRule, adapterConfig } from './adapter-rules.js';
export * from './alert.js';
export * from './alertmanager.js';
export { backupFailed, backupOverdue, type CronJobMetrics } from './backup-alerts.js';
export * from './kube-state-metrics.js';
export * from './prometheus.js';
export * from './prometheus-adapter.js';
export {
  jobMatchers,
  type RecordedMetric,
  type RecordingRule,
  recordedSeries,
  recordingRules,
  type Substitute,
} from './recording-rule.js';
export { type RuleGroup, ruleGroups } from './rule-groups.js';
export { RUNBOOKS, type Runbook, type RunbookName } from './runbook.js';
export { type ScrapeTarget, serviceTarget, storeTarget } from './scrape-target.js';
