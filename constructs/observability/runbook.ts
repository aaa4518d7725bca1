/** Runbooks that the kit ships, one for each of its alerts: `docs/runbooks/<name>.md`. */
export const RUNBOOKS = [
  'alerts-undelivered',
  'backup-failed',
  'backup-overdue',
  'dead-letters',
  'error-budget-burn',
  'metrics-api-down',
  'scaling-metric-lost',
  'scaling-target-missed',
  'server-errors',
  'spans-lost',
  'target-down',
] as const;
export type RunbookName = (typeof RUNBOOKS)[number];

/** What tells a person who is woken by an alert what to do: a runbook of the kit, or the address of one's own. */
export type Runbook = RunbookName | `https://${string}`;

/**
 * Address of a runbook.
 * @param baseUrl folder that holds the kit's runbooks, as people read them
 */
export function runbookUrl(runbook: Runbook, baseUrl: string): string {
  return runbook.startsWith('https://') ? runbook : `${baseUrl.replace(/\/$/, '')}/${runbook}.md`;
}
