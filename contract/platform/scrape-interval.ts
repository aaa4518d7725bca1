/** Prometheus looks at every process so often. */
export const SCRAPE_INTERVAL_SECONDS = 15;
