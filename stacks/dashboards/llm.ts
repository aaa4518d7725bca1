import { type Dashboard, legendOf, ratePanel } from '../../constructs/index.js';
import {
  cacheRequests,
  experimentExposures,
  HOUR_SECONDS,
  increaseOf,
  llmCost,
  llmRequests,
  llmTokens,
  RATE_WINDOW_SECONDS,
  rateLimitDecisions,
  routeDecisions,
} from '../../contract/index.js';
import type { DashboardSources } from './dashboard-sources.js';

/** What the models are asked, what it costs, and what spares them the asking. */
export function llmDashboard({ platform }: DashboardSources): Dashboard {
  const scope = { matchers: { namespace: platform.namespace }, windowSeconds: RATE_WINDOW_SECONDS };
  const hour = { ...scope, windowSeconds: HOUR_SECONDS };
  return {
    id: 'llm',
    title: 'Models',
    rows: [
      {
        title: 'Usage',
        panels: [
          ratePanel('Tokens', llmTokens, { ...scope, by: ['model', 'direction'] }),
          {
            title: 'Cost of the last hour',
            unit: llmCost.unit,
            queries: [{ expr: increaseOf(llmCost, { ...hour, by: ['model'] }), legend: legendOf(['model']) }],
          },
          ratePanel('Calls by outcome', llmRequests, { ...scope, by: ['model', 'outcome'] }),
        ],
      },
      {
        title: 'Before a model is asked',
        panels: [
          ratePanel('Routing decisions', routeDecisions, { ...scope, by: ['class', 'model'] }),
          ratePanel('Cache look-ups by the level that answered', cacheRequests, { ...scope, by: ['cache', 'level'] }),
          ratePanel('Admission by tier', rateLimitDecisions, { ...scope, by: ['tier', 'decision'] }),
          ratePanel('Experiments', experimentExposures, { ...scope, by: ['experiment', 'variant'] }),
        ],
      },
    ],
  };
}
