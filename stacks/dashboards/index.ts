import type { Dashboard } from '../../constructs/index.js';
import { autoscalingDashboard } from './autoscaling.js';
import { canaryDashboard } from './canary.js';
import type { DashboardSources } from './dashboard-sources.js';
import { llmDashboard } from './llm.js';
import { overviewDashboard } from './overview.js';
import { queuesDashboard } from './queues.js';

export type { DashboardSources } from './dashboard-sources.js';

/** What the platform shows of itself, from the contract's metrics and the expressions that scale, alert and judge. */
export function platformDashboards(sources: DashboardSources): readonly Dashboard[] {
  return [overviewDashboard, queuesDashboard, llmDashboard, autoscalingDashboard, canaryDashboard].flatMap(
    (dashboard) => dashboard(sources) ?? [],
  );
}
