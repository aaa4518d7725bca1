export { type HpaManifestSpec, type HpaSpec, hpaSpecOf, type MetricSpec } from './hpa-spec.js';
export { type HpaConditions, type HpaState, NEW_HPA } from './hpa-state.js';
export {
  CONTROLLER_DEFAULTS,
  type ControllerOptions,
  type MetricReading,
  type Observation,
  type PodObservation,
  type PodSample,
} from './observation.js';
export { type Reconciled, reconcile } from './reconcile.js';
export { proposedReplicas } from './replica-calculator.js';
export { stillCounting } from './stabilize.js';
export { tolerancesOf } from './tolerances.js';
