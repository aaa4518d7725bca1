import { type Counter, type Matchers, rateOf, selector } from '../../contract/vocabulary/index.js';
import { type RecordedMetric, recordedSeries } from './recording-rule.js';
import { type Runbook, runbookUrl } from './runbook.js';

/** A Prometheus alert, and what to do about it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold. */
  readonly for: `${number}${'m' | 'h'}`;
  readonly labels: { readonly severity: 'critical' | 'warning'; readonly [label: string]: string };
  readonly annotations: { readonly summary: string; readonly description: string };
  readonly runbook: Runbook;
}

/** The alert as Prometheus reads it. @param runbooks address of the folder that holds the kit's runbooks */
export function renderAlert({ runbook, annotations, ...rule }: AlertRule, runbooks: string) {
  return { ...rule, annotations: { ...annotations, runbook_url: runbookUrl(runbook, runbooks) } };
}

/** A pod that should be scraped does not answer. */
export function targetDown(matchers: Matchers): AlertRule {
  return {
    alert: 'TargetDown',
    runbook: 'target-down',
    expr: `up${selector(matchers)} == 0`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.job }}: pod {{ $labels.pod }} gives no metrics.',
      description:
        'Prometheus has not reached the pod for 5 minutes. It may be down, or its network policy or certificate may be wrong.',
    },
  };
}

/** A scaling metric has no value: its autoscalers do what was declared for that, whatever the load. */
export function scalingMetricLost({ metric, job, substitutes = [] }: RecordedMetric): AlertRule {
  const answers = ['hold their replicas', ...substitutes.map(({ answer }) => `go to their ${answer}`)].join(' or ');
  return {
    alert: 'ScalingMetricLost',
    runbook: 'scaling-metric-lost',
    expr: `absent(${recordedSeries(metric)}${selector({ job })})`,
    for: '5m',
    labels: { severity: 'critical', job, metric: metric.name },
    annotations: {
      summary: `${job}: ${metric.name} has no value.`,
      description: `It has been lost for 5 minutes; autoscalers that act on it ${answers}. See whether ${job} is up and exposes ${metric.of.name}.`,
    },
  };
}

/** Nothing serves metrics to the autoscalers: whatever each target declared for a loss, all of them hold. */
export function metricsApiDown(matchers: Matchers): AlertRule {
  return {
    alert: 'MetricsApiDown',
    runbook: 'metrics-api-down',
    expr: `absent(up${selector(matchers)} == 1)`,
    for: '5m',
    labels: { severity: 'critical', ...matchers },
    annotations: {
      summary: `${matchers.job}: no pod of it answers, so no autoscaler sees its metrics.`,
      description:
        'Autoscalers keep their replicas, and add some only as CPU and memory ask. See whether its pods run and their certificate was issued.',
    },
  };
}

/** Share of an endpoint's requests, counted by the label `status`, that end with a server error: by job; NaN or nothing without any. */
export function serverErrorRatio(requests: Counter, matchers: Matchers): string {
  const scope = { by: ['job'], windowSeconds: 300 };
  const failed = rateOf(requests, { ...scope, matchers: { ...matchers, status: '~5..' } });
  return `${failed} / ${rateOf(requests, { ...scope, matchers })}`;
}

/** More than `maxRatio` of an endpoint's requests, counted by the label `status`, end with a server error. */
export function serverErrors(requests: Counter, matchers: Matchers, maxRatio: number): AlertRule {
  return {
    alert: 'ServerErrors',
    runbook: 'server-errors',
    expr: `${serverErrorRatio(requests, matchers)} > ${maxRatio}`,
    for: '10m',
    labels: { severity: 'critical' },
    annotations: {
      summary: '{{ $labels.job }}: {{ $value | humanizePercentage }} of the requests fail.',
      description: `More than ${maxRatio * 100} % of the answers were 5xx for 10 minutes.`,
    },
  };
}

/**
 * A metric stands above what its autoscaler aims at for longer than scaling takes.
 * @param threshold in the metric's unit; of a metric that all pods share, what the most replicas together aim at.
 */
export function scalingTargetMissed({ metric, job }: RecordedMetric, threshold: number): AlertRule {
  const series = `${recordedSeries(metric)}${selector({ job })}`;
  return {
    alert: 'ScalingTargetMissed',
    runbook: 'scaling-target-missed',
    expr: `${metric.scope === 'pod' ? `avg by (job) (${series})` : series} > ${threshold}`,
    for: '15m',
    labels: { severity: 'warning', job, metric: metric.name },
    annotations: {
      summary: `${job}: ${metric.name} has been above ${threshold} ${metric.unit} for 15 minutes.`,
      description: 'The autoscaler has had time to act: it is at its ceiling, or more pods do not help.',
    },
  };
}

/** A receiver does not take what Alertmanager sends; `failed` counts them, labelled `integration`. */
export function alertsUndelivered(failed: Counter, matchers: Matchers): AlertRule {
  return {
    alert: 'AlertsUndelivered',
    runbook: 'alerts-undelivered',
    expr: `${rateOf(failed, { matchers, by: ['job', 'integration'], windowSeconds: 900 })} > 0`,
    for: '5m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'Alerts do not reach their receivers ({{ $labels.integration }}).',
      description: 'Alertmanager has given up on notifications in the last 15 minutes. Nobody is told of other alerts.',
    },
  };
}

/** Traces are not whole: `lost` counts the spans that did not get through. */
export function spansLost(lost: readonly Counter[], matchers: Matchers): AlertRule {
  const rates = lost.map((metric) => `${rateOf(metric, { matchers, by: ['job'], windowSeconds: 900 })} > 0`);
  return {
    alert: 'SpansLost',
    runbook: 'spans-lost',
    // Each series is there only once something was lost that way.
    expr: rates.join(' or '),
    for: '15m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.job }} loses {{ $value | humanize }} spans a second.',
      description:
        'For 15 minutes traces have had gaps: the back end does not take them, or there are more than the collector can hold.',
    },
  };
}

/** A queue that should be empty holds messages. @param length PromQL: how many */
export function queueNotEmpty(length: string, queue: string): AlertRule {
  return {
    alert: 'DeadLetters',
    runbook: 'dead-letters',
    expr: `${length} > 0`,
    for: '1m',
    labels: { severity: 'warning', queue },
    annotations: {
      summary: `{{ $value }} messages in ${queue}.`,
      description: 'Tasks failed after all their retries. They are kept until somebody looks at them.',
    },
  };
}
