import { quantityValue } from '../../constructs/index.js';

/** One metric of an autoscaler. Targets are in thousandths of the metric's unit, as the controller reckons; utilisation in percent. */
export type MetricSpec = PodMetricSpec | SingleMetricSpec;

/** A metric with a value for each pod. */
export type PodMetricSpec =
  | (ResourceMetricSpec & ({ readonly utilizationPercent: number } | { readonly averageMilli: number }))
  | { readonly type: 'Pods'; readonly name: string; readonly averageMilli: number };

/** Of whole pods, or of one of their containers. */
type ResourceMetricSpec =
  | { readonly type: 'Resource'; readonly resource: string }
  | { readonly type: 'ContainerResource'; readonly resource: string; readonly container: string };

/** A metric with one value for the whole target. */
export interface SingleMetricSpec {
  readonly type: 'Object' | 'External';
  readonly name: string;
  readonly target: { readonly kind: 'Value' | 'AverageValue'; readonly milli: number };
}

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

export interface ScalingRules {
  /** Undefined for scaling down: then the controller's own window holds. */
  readonly stabilizationWindowSeconds?: number | undefined;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly ScalingPolicy[];
  /** Used only where the cluster has the feature gate HPAConfigurableTolerance. @default the controller's */
  readonly tolerance?: number | undefined;
}

/** A HorizontalPodAutoscaler as the controller sees it: every default of the API server filled in. */
export interface HpaSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly MetricSpec[];
  /** Undefined where the object has none: the controller then follows the rules from before `behavior`. */
  readonly behavior?: { readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules } | undefined;
}

interface RulesManifest extends Partial<Omit<ScalingRules, 'tolerance'>> {
  readonly tolerance?: string | number;
}

interface TargetManifest {
  readonly type: string;
  readonly averageUtilization?: number;
  readonly averageValue?: string | number;
  readonly value?: string | number;
}

interface MetricManifest {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: TargetManifest };
  readonly containerResource?: { readonly name: string; readonly container: string; readonly target: TargetManifest };
  readonly pods?: { readonly metric: { readonly name: string }; readonly target: TargetManifest };
  readonly object?: { readonly metric: { readonly name: string }; readonly target: TargetManifest };
  readonly external?: { readonly metric: { readonly name: string }; readonly target: TargetManifest };
}

/** The `spec` of an autoscaling/v2 object; the fields that bear on the number of replicas. */
export interface HpaManifestSpec {
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  readonly metrics?: readonly MetricManifest[];
  readonly behavior?: { readonly scaleUp?: RulesManifest; readonly scaleDown?: RulesManifest };
}

// kubernetes v1.34, pkg/apis/autoscaling/v2/defaults.go
const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: ScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};
const CPU_80: MetricSpec = { type: 'Resource', resource: 'cpu', utilizationPercent: 80 };

/**
 * Reads the `spec` of a HorizontalPodAutoscaler, and fills in what the API server does.
 * @throws naming the metric whose type or target is none that the simulator knows.
 */
export function hpaSpecOf({ minReplicas = 1, maxReplicas, metrics = [], behavior }: HpaManifestSpec): HpaSpec {
  return {
    minReplicas,
    maxReplicas,
    metrics: metrics.length === 0 ? [CPU_80] : metrics.map(metricOf),
    ...(behavior && {
      behavior: { scaleUp: rulesOf(SCALE_UP, behavior.scaleUp), scaleDown: rulesOf(SCALE_DOWN, behavior.scaleDown) },
    }),
  };
}

function rulesOf(defaults: ScalingRules, { tolerance, ...own }: RulesManifest = {}): ScalingRules {
  return { ...defaults, ...own, ...(tolerance !== undefined && { tolerance: quantityValue(tolerance) }) };
}

function metricOf(metric: MetricManifest): MetricSpec {
  const { resource, containerResource, pods } = metric;
  const ofResource = metric.type === 'Resource' ? resource : containerResource;
  if ((metric.type === 'Resource' || metric.type === 'ContainerResource') && ofResource) {
    const { name, target } = ofResource;
    const { averageUtilization, averageValue } = target;
    const of: ResourceMetricSpec = containerResource
      ? { type: 'ContainerResource', resource: name, container: containerResource.container }
      : { type: 'Resource', resource: name };
    if (averageValue !== undefined) return { ...of, averageMilli: milliOf(name, averageValue) };
    if (averageUtilization !== undefined) return { ...of, utilizationPercent: averageUtilization };
  }
  if (metric.type === 'Pods' && pods) {
    const { name } = pods.metric;
    return { type: 'Pods', name, averageMilli: milliOf(name, pods.target.averageValue) };
  }
  const single = metric.type === 'Object' ? metric.object : metric.external;
  if ((metric.type === 'Object' || metric.type === 'External') && single) {
    const { averageValue, value } = single.target;
    const { name } = single.metric;
    const kind = averageValue === undefined ? 'Value' : 'AverageValue';
    return { type: metric.type, name, target: { kind, milli: milliOf(name, averageValue ?? value) } };
  }
  throw new Error(
    `An autoscaler's metric of type "${metric.type}" cannot be simulated. Known are Resource, ContainerResource, Pods, Object and External, each with a target.`,
  );
}

/** As `Quantity.MilliValue`: rounded up. */
function milliOf(metric: string, quantity: string | number | undefined): number {
  const value = quantityValue(quantity);
  if (value === undefined) throw new Error(`The target "${quantity}" of ${metric} is no quantity, such as 10 or 500m.`);
  // A thousandth of what is written, not of its nearest binary fraction.
  return Math.ceil(Number((value * 1000).toPrecision(15)));
}
