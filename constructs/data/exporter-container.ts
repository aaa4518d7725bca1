import type { ProbeSpec } from '../../contract/vocabulary/index.js';
import type { Resources } from '../workload/quantity.js';

/** What an exporter beside a store needs: it answers one scrape a quarter of a minute. */
export const exporterResources: Resources = {
  cpu: { request: '20m', limit: '200m' },
  memory: { request: '32Mi', limit: '128Mi' },
  ephemeralStorage: '64Mi',
};

/** What an exporter answers without asking its store. */
export const LANDING_PAGE: ProbeSpec = { path: '/', initialDelaySeconds: 5, periodSeconds: 10 };
