import {
  type Dashboard,
  errorRatioSeries,
  jobMatchers,
  levelQuery,
  type Panel,
  type PanelRow,
  ratePanel,
  serverErrorRatio,
} from '../../constructs/index.js';
import {
  BURN_WINDOWS,
  burningRatio,
  canaryPolicy,
  httpRequests,
  RATE_WINDOW_SECONDS,
  requestLatencyP99,
  type Slo,
  selector,
  total,
} from '../../contract/index.js';
import type { DashboardSources } from './dashboard-sources.js';

/** Of every service its requests, its errors and the time that they take; of every objective how fast its error budget burns. */
export function overviewDashboard({ platform, services, slos }: DashboardSources): Dashboard {
  const rows = services.map(({ name }): PanelRow => {
    const matchers = jobMatchers(platform, name);
    return {
      title: name,
      panels: [
        ratePanel('Requests by status', httpRequests, {
          matchers,
          by: ['status'],
          windowSeconds: RATE_WINDOW_SECONDS,
        }),
        {
          title: 'Requests that end with a server error',
          unit: 'ratio',
          queries: [
            { expr: total(serverErrorRatio(httpRequests, matchers), { matchers, by: ['job'] }), legend: 'failed' },
            levelQuery(canaryPolicy.maxErrorRatio, 'alert'),
          ],
        },
        {
          title: 'p99 of each pod',
          unit: requestLatencyP99.unit,
          queries: [{ expr: requestLatencyP99.expression(matchers), legend: '{{pod}}' }],
        },
      ],
    };
  });
  const objectives = { title: 'Objectives', panels: slos.map(objectivePanel) };
  return { id: 'overview', title: 'Platform', rows: [...(slos.length > 0 ? [objectives] : []), ...rows] };
}

/** The window in which a burning budget is noticed first, and the level at which it pages. */
function objectivePanel(slo: Slo): Panel {
  const [fastest] = BURN_WINDOWS;
  return {
    title: `${slo.name}: not ${slo.indicator.good}`,
    unit: 'ratio',
    queries: [
      { expr: `${errorRatioSeries(fastest.longSeconds)}${selector({ slo: slo.name })}`, legend: 'of the last hour' },
      levelQuery(burningRatio(slo, fastest), 'alert'),
    ],
  };
}
