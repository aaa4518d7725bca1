import type { Slo } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import { type AlertRule, renderAlert } from './alert.js';
import { type RecordedMetric, recordingRules } from './recording-rule.js';
import { burnRateAlerts, sloRecordingRules } from './slo-rules.js';

/** What Prometheus computes and watches. */
export interface RuleSources {
  readonly platform: PlatformContext;
  /** Scaling metrics that are kept as series. */
  readonly recorded: readonly RecordedMetric[];
  readonly alerts: readonly AlertRule[];
  /** Objectives whose error budgets are watched. @default none */
  readonly slos?: readonly Slo[];
  /** Address of the folder that holds the kit's runbooks. */
  readonly runbooks: string;
}

/** A group of rules as Prometheus reads it; those of a group are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly object[];
}

/** Every rule, in groups; none is empty. */
export function ruleGroups({ platform, recorded, alerts, slos = [], runbooks }: RuleSources): readonly RuleGroup[] {
  const watched = [...slos.flatMap(burnRateAlerts), ...alerts];
  return [
    { name: 'scaling', rules: recorded.flatMap((metric) => recordingRules(platform, metric)) },
    { name: 'objectives', rules: slos.flatMap((slo) => sloRecordingRules(platform, slo)) },
    { name: 'alerts', rules: watched.map((alert) => renderAlert(alert, runbooks)) },
  ].filter(({ rules }) => rules.length > 0);
}
