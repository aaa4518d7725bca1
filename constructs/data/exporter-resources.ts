import type { Resources } from '../workload/quantity.js';

/** What an exporter beside a store needs: it answers one scrape a quarter of a minute. */
export const exporterResources: Resources = {
  cpu: { request: '20m', limit: '200m' },
  memory: { request: '32Mi', limit: '128Mi' },
  ephemeralStorage: '64Mi',
};
