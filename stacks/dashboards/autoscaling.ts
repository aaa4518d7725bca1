import {
  type Autoscaler,
  type Dashboard,
  levelQuery,
  meanOverPods,
  type Panel,
  podCount,
  recordedSelector,
  type ScalingTarget,
  sourceOf,
} from '../../constructs/index.js';
import type { DashboardSources } from './dashboard-sources.js';

/** Of everything that scales: how many pods there are, and each metric that decides on it beside its target. */
export function autoscalingDashboard(sources: DashboardSources): Dashboard | undefined {
  const { autoscalers } = sources;
  if (autoscalers.length === 0) return undefined;
  return {
    id: 'autoscaling',
    title: 'Autoscaling',
    rows: autoscalers.map((autoscaler) => ({
      title: autoscaler.release.name,
      panels: [
        replicasPanel(autoscaler),
        ...autoscaler.targets.flatMap((target) => targetPanel(autoscaler, target, sources) ?? []),
      ],
    })),
  };
}

function replicasPanel({ release, minReplicas, maxReplicas }: Autoscaler): Panel {
  return {
    title: 'Pods',
    unit: 'pods',
    queries: [
      { expr: podCount(release, release.spec.name), legend: 'now' },
      levelQuery(minReplicas, 'floor'),
      levelQuery(maxReplicas, 'ceiling'),
    ],
  };
}

/** The series that the autoscaler reads. What all pods share is held against what they aim at together. */
function targetPanel(
  { release }: Autoscaler,
  { metric, averageValue }: ScalingTarget,
  { platform, targets }: DashboardSources,
): Panel | undefined {
  const job = sourceOf(metric, release.spec, targets)?.name;
  if (job === undefined) return undefined; // The autoscaler has refused it already.
  const series = recordedSelector(platform, { metric, job });
  const queries =
    metric.scope === 'pod'
      ? [{ expr: meanOverPods(series, release, job), legend: 'now' }, levelQuery(averageValue, 'target')]
      : [
          { expr: `max(${series})`, legend: 'now' },
          { expr: `${averageValue} * ${podCount(release, release.spec.name)}`, legend: 'target' },
        ];
  return { title: metric.name, unit: metric.unit, queries };
}
