export * from './image.js';
export * from './llm-service.js';
export * from './llm-worker.js';
export { LlmWorkload, type LlmWorkloadProps, type TaskConsumption } from './llm-workload.js';
export { type NodeCapacity, type NodePool, type NodePools, nodeCapacity, nodePool } from './node-pool.js';
export { execProbe, httpProbe, tcpProbe } from './probe.js';
export { PUBLIC_ANNOTATION } from './public-annotation.js';
export {
  type ByteQuantity,
  byteQuantity,
  type CpuQuantity,
  cpuQuantity,
  type Resources,
  resources,
} from './quantity.js';
export { Release, type ReleaseProps, type ReleaseScope } from './release.js';
export type { ContainerSpec } from './restricted-pod.js';
export * from './secret-ref.js';
export { type RenderedSettings, renderSettings, type SettingValues } from './setting-values.js';
export { DATA_VOLUME, StatefulServer, type StatefulServerProps } from './stateful-server.js';
export { StatelessServer, type StatelessServerProps } from './stateless-server.js';
