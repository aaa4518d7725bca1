import type { Dashboard } from '../../constructs/index.js';
import {
  baselineQueries,
  canaryPolicy,
  canaryWeight,
  httpRequestDuration,
  httpRequests,
  sampleQueries,
  sumOf,
  total,
  VERSION_LABEL,
} from '../../contract/index.js';
import type { DashboardSources } from './dashboard-sources.js';

/** What the canary is judged by, by the verdict's own questions; `undefined` where no release is being tried. */
export function canaryDashboard({ platform, canary }: DashboardSources): Dashboard | undefined {
  if (canary === undefined) return undefined;
  const { checkSeconds, maxLatencyRatio, maxErrorRatio, stableVersion } = canaryPolicy;
  const sample = sampleQueries(canary, checkSeconds, null, canaryPolicy);
  const { p99Seconds: baseline } = baselineQueries(canary, canaryPolicy);
  return {
    id: 'canary',
    title: 'Canary',
    rows: [
      {
        title: canary,
        panels: [
          {
            title: 'Share of the traffic',
            unit: canaryWeight.unit,
            queries: [
              {
                expr: sumOf(canaryWeight, { matchers: { namespace: platform.namespace }, by: ['release'] }),
                legend: '{{release}}',
              },
            ],
          },
          {
            title: 'Requests of the canary',
            unit: `${httpRequests.unit} per second`,
            queries: [
              { expr: sample.requests, legend: 'all' },
              { expr: sample.errors, legend: 'failed' },
              { expr: `${maxErrorRatio} * (${sample.requests})`, legend: 'limit of the failed' },
            ],
          },
          {
            title: 'p99 of the stable release',
            unit: httpRequestDuration.unit,
            queries: [
              { expr: baseline, legend: 'stable' },
              { expr: `${maxLatencyRatio} * (${baseline})`, legend: 'slow in the canary' },
            ],
          },
        ],
      },
    ],
  };
}
