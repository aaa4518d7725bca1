/** Alerts about what does not run beside the app in `live-metrics`, by the suite that sees them over real series. */
export const SEEN_ELSEWHERE = {
  'live-alerts': ['AlertsUndelivered', 'BackupFailed', 'BackupOverdue', 'SpansLost'],
  // A real adapter is stopped there, and a real Prometheus tells of it.
  'controllers-autoscaling': ['MetricsApiDown'],
} as const;
