export { type HpaManifestSpec, type HpaSpec, hpaSpecOf } from './hpa-spec.js';
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
