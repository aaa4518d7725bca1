export * from './agent.js';
export * from './chat.js';
export * from './experiments.js';
export * from './memory.js';
export * from './messages.js';
export * from './orchestrator.js';
export * from './rag.js';
