/** What will become of an environment under load, before it is deployed: replicas, times, money. */
export { PRICES_AS_OF } from './cost/prices.js';
export type { SimulateOptions } from './fluid/simulate-options.js';
export * from './hpa/index.js';
export { clockText } from './load/clock.js';
export { type Load, type LoadPoint, peakRps, scaled, type TierMix } from './load/load.js';
export { LoadError } from './load/load-error.js';
export { parseCsvLoad } from './load/parse-csv.js';
export { parsePrometheusLoad } from './load/parse-prometheus.js';
export { LOAD_FORMS, readLoad } from './load/read-load.js';
export { backlogLoad, constantLoad, diurnalLoad, promotionLoad, spikeLoad, stepLoad } from './load/shapes.js';
export { type Assumptions, AssumptionsError, type AssumptionsInput, parseAssumptions } from './model/assumptions.js';
export { csv } from './report/csv.js';
export { htmlReport } from './report/html-report.js';
export type * from './report/result.js';
export { summary } from './report/summary.js';
export { type SimulateEnvironmentOptions, simulate } from './simulate.js';
