import type { Autoscaler, PlatformContext, ScrapeTarget } from '../../constructs/index.js';
import type { ServiceSpec, Slo, TaskTopology } from '../../contract/index.js';

/** What the dashboards are derived from. */
export interface DashboardSources {
  readonly platform: PlatformContext;
  /** Those that answer HTTP by the contract's runtime. */
  readonly services: readonly ServiceSpec[];
  readonly targets: readonly ScrapeTarget[];
  readonly autoscalers: readonly Autoscaler[];
  readonly topologies: readonly TaskTopology[];
  readonly slos: readonly Slo[];
  /** Service whose next release is being tried. */
  readonly canary?: string | undefined;
}
