export * from './metric.js';
export * from './model.js';
export * from './promql.js';
export * from './queue.js';
export * from './scaling.js';
export * from './service.js';
export * from './setting.js';
export * from './tier.js';
