import { type Gauge, type Matchers, selector } from '../../contract/vocabulary/index.js';
import type { AlertRule } from './alert.js';

/** What is known of a CronJob, each a time in seconds since 1970 and labelled `cronjob`. */
export interface CronJobMetrics {
  readonly made: Gauge;
  readonly scheduled: Gauge;
  readonly succeeded: Gauge;
}

/** A backup a day, and two hours for it to take. */
const OVERDUE_HOURS = 26;

/** A backup ends within so long, or has failed. */
const LONGEST_HOURS = 2;

/** A daily backup has not succeeded for more than a day, or is there no more. */
export function backupOverdue(metrics: CronJobMetrics, cronjob: string, matchers: Matchers): AlertRule {
  const { made, succeeded } = seriesOf(metrics, cronjob, matchers);
  // One that never succeeded is overdue a day after it was made.
  const last = `(${latest(succeeded)} or ${latest(made)})`;
  return {
    alert: 'BackupOverdue',
    runbook: 'backup-overdue',
    expr: `time() - ${last} > ${OVERDUE_HOURS * 3600} or absent(${made})`,
    for: '30m',
    labels: { severity: 'critical', cronjob },
    annotations: {
      summary: `${cronjob}: no backup has succeeded for more than a day.`,
      description: `The last good one is more than ${OVERDUE_HOURS} hours old, or the CronJob is gone. What is lost now is lost since then.`,
    },
  };
}

/** The last backup that began has not succeeded in the time that it may take. */
export function backupFailed(metrics: CronJobMetrics, cronjob: string, matchers: Matchers): AlertRule {
  const { scheduled, succeeded } = seriesOf(metrics, cronjob, matchers);
  const [begun, good] = [latest(scheduled), latest(succeeded)];
  return {
    alert: 'BackupFailed',
    runbook: 'backup-failed',
    expr: `time() - ${begun} > ${LONGEST_HOURS * 3600} and (${begun} > ${good} or ${begun} unless ${good})`,
    for: '5m',
    labels: { severity: 'warning', cronjob },
    annotations: {
      summary: `${cronjob}: the last backup did not succeed.`,
      description: `It began more than ${LONGEST_HOURS} hours ago, which is all the time that it has. The one before it is still there.`,
    },
  };
}

function seriesOf({ made, scheduled, succeeded }: CronJobMetrics, cronjob: string, matchers: Matchers) {
  const of = ({ name }: Gauge) => `${name}${selector({ ...matchers, cronjob })}`;
  return { made: of(made), scheduled: of(scheduled), succeeded: of(succeeded) };
}

/** Each replica that tells it says the same; one that has just started may not know it yet. */
function latest(series: string): string {
  return `max by (cronjob) (${series})`;
}
