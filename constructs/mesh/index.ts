export * from './canary-route.js';
export * from './mesh.js';
export { type MeshMode, type MeshRole, meshMode } from './mesh-mode.js';
