/** A metric's kind, as in the Prometheus exposition format. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** Base units only, as Prometheus asks: never milliseconds, never percent. */
export type MetricUnit =
  | 'seconds'
  | 'bytes'
  | 'ratio'
  | 'tokens'
  | 'dollars'
  | 'requests'
  | 'tasks'
  | 'messages'
  | 'replicas'
  | 'events';

/** Who exposes a metric: the pods of our own services, or a store's own exporter. */
export type MetricSource = 'app' | 'rabbitmq' | 'alertmanager' | 'otel-collector' | 'kube-state-metrics';

/**
 * One metric, written once. The process that emits it, the scrape, the recording rule, the adapter rule, the alert and the
 * dashboard all take this object; none of them takes its name as a string.
 */
export interface Metric<L extends string = string> {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly help: string;
  readonly labels: readonly L[];
  readonly source: MetricSource;
  /** Histogram only: upper bounds in the metric's unit, ascending, without +Inf. */
  readonly buckets?: readonly number[];
}

export type Counter<L extends string = string> = Metric<L> & { readonly kind: 'counter' };
export type Gauge<L extends string = string> = Metric<L> & { readonly kind: 'gauge' };
export type Histogram<L extends string = string> = Metric<L> & {
  readonly kind: 'histogram';
  readonly buckets: readonly number[];
};

interface MetricProps<L extends string> {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly help: string;
  readonly labels?: readonly L[];
  /** @default 'app' */
  readonly source?: MetricSource;
}

const METRIC_NAME = /^[a-z][a-z0-9_]*$/;
const LABEL_NAME = /^[a-z][a-z0-9_]*$/;
const OTHER_UNITS = /_(ms|millis|milliseconds|minutes|hours|percent|kilobytes|megabytes|cents)(_total)?$/;
/** Histograms and summaries have these, and Prometheus the others when it scrapes. */
const TAKEN_LABELS = ['le', 'quantile', 'instance', 'namespace', 'pod'];

function define<K extends MetricKind, L extends string>(
  kind: K,
  props: MetricProps<L>,
): Metric<L> & { readonly kind: K } {
  if (!METRIC_NAME.test(props.name)) {
    throw new Error(`Metric "${props.name}": a name is lower case with underscores.`);
  }
  if (OTHER_UNITS.test(props.name)) {
    throw new Error(`Metric "${props.name}": its name says another unit than ${props.unit}; base units only.`);
  }
  if (kind === 'gauge' && /_(total|bucket)$/.test(props.name)) {
    throw new Error(`Gauge "${props.name}": a name in _total is a counter's, and one in _bucket a histogram's.`);
  }
  const labels = props.labels ?? [];
  if (new Set(labels).size < labels.length) {
    throw new Error(`Metric ${props.name}: of its labels ${labels.join(', ')} one is there twice.`);
  }
  for (const label of props.labels?.filter((one) => !LABEL_NAME.test(one) || TAKEN_LABELS.includes(one)) ?? []) {
    throw new Error(
      `Metric ${props.name}: the label "${label}" must be lower case with underscores, and none of ${TAKEN_LABELS.join(', ')}.`,
    );
  }
  return {
    name: props.name,
    kind,
    unit: props.unit,
    help: props.help,
    labels: props.labels ?? [],
    source: props.source ?? 'app',
  };
}

/** A number that only grows. @throws if the name lacks Prometheus's `_total` suffix. */
export function counter<const L extends string = never>(props: MetricProps<L>): Counter<L> {
  if (!props.name.endsWith('_total')) throw new Error(`Counter "${props.name}": the name must end in _total.`);
  return define('counter', props);
}

/** A number that goes up and down. */
export function gauge<const L extends string = never>(props: MetricProps<L>): Gauge<L> {
  return define('gauge', props);
}

/** A distribution. @throws if the name lacks its unit or the buckets do not ascend. */
export function histogram<const L extends string = never>(
  props: MetricProps<L> & { readonly buckets: readonly number[] },
): Histogram<L> {
  if (!props.name.endsWith(`_${props.unit}`)) {
    throw new Error(`Histogram "${props.name}": the name must end in its unit, _${props.unit}.`);
  }
  if (props.buckets.length === 0 || props.buckets.some((bound) => !Number.isFinite(bound))) {
    throw new Error(
      `Histogram "${props.name}": bucket bounds must be numbers, got ${props.buckets.join(', ') || 'none'}.`,
    );
  }
  if (props.buckets.some((bound, i) => i > 0 && bound <= (props.buckets[i - 1] ?? 0))) {
    throw new Error(`Histogram "${props.name}": bucket bounds must ascend, got ${props.buckets.join(', ')}.`);
  }
  return { ...define('histogram', props), buckets: props.buckets };
}

/**
 * Holds what is chosen of a metric to the labels that it has: of another label there is no series, and what selects by it finds nothing.
 * @throws naming the label, and those that there are
 */
export function holdLabels({ name, labels }: Metric, chosen: readonly string[]): void {
  for (const label of chosen.filter((one) => !labels.includes(one))) {
    throw new Error(`Metric ${name} has no label "${label}"; it has ${labels.join(', ') || 'none'}.`);
  }
}
