export { checkManifests } from './check-manifests.js';
export { Cluster } from './cluster.js';
export type { Finding, Problem, Rule, Severity } from './finding.js';
export type { KubeObject, Manifest } from './kube-object.js';
export {
  allows,
  type Direction,
  type NetworkAddress,
  type NetworkEnd,
  type NetworkPod,
  type Protocol,
  refusals,
} from './network-access.js';
export type { Container, ContainerPort, PodTemplate } from './pod-template.js';
export { quantityValue } from './quantity-value.js';
export { rules } from './rules.js';
export { checkOnSynth } from './validate-on-synth.js';
