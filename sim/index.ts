/** What will become of an environment under load, before it is deployed: replicas, times, money. */
export { PRICES_AS_OF } from './cost/prices.js';
export { type Export, type Fit, type FittedWork, fitAssumptions } from './fit/fit-assumptions.js';
export { FitError } from './fit/fit-error.js';
export { fitText } from './fit/fit-text.js';
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
export {
  type Capacity,
  type CapacityOptions,
  type CapacityStep,
  capacity,
  seekingCapacity,
} from './questions/capacity.js';
export { type Comparison, compare, comparing, comparisonText } from './questions/compare.js';
export { type MonthlyCost, monthlyCost, monthlyCostText } from './questions/monthly-cost.js';
export { OBJECTIVE_FORM, type Objective, ObjectiveError, parseObjective, shortcomings } from './questions/objective.js';
export { type PropChange, propDiff } from './questions/tune/prop-changes.js';
export type { Trial } from './questions/tune/trial.js';
export { type TuneOptions, type Tuning, tune, tuning } from './questions/tune/tune.js';
export { tuningReport } from './questions/tune/tune-report.js';
export type { Confirmation, TuneStep } from './questions/tune/tune-search.js';
export { tuningText } from './questions/tune/tune-text.js';
export { csv } from './report/csv.js';
export { htmlReport } from './report/html-report.js';
export type * from './report/result.js';
export { summary } from './report/summary.js';
export type { Run } from './run-in-parts.js';
export { type SimulateEnvironmentOptions, simulate, simulation } from './simulate.js';
