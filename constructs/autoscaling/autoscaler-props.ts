import type { Release } from '../workload/release.js';
import type { ScalingBehavior } from './scaling-behavior.js';
import type { MetricsSource, ScalingTarget } from './scaling-target.js';

/** Whom KEDA asks. */
export interface KedaSource {
  /** Address of Prometheus, as KEDA's namespace sees it. */
  readonly prometheusUrl: string;
}

export interface AutoscalerProps {
  /** Created with `replicas: 'autoscaled'`. */
  readonly release: Release;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Mean CPU, in percent of the request. */
  readonly cpuPercent: number;
  /** Mean memory, in percent of the request. */
  readonly memoryPercent: number;
  readonly behavior: ScalingBehavior;
  /** Metrics beside CPU and memory. @default none */
  readonly targets?: readonly ScalingTarget[];
  /** Whoever else Prometheus scrapes: where a metric comes from that is not each pod's own. @default none */
  readonly scraped?: readonly MetricsSource[];
  /** Scales through KEDA, by a ScaledObject. @default Kubernetes' own autoscaler, which reads the metrics APIs */
  readonly keda?: KedaSource;
}
