export type { DataStore } from './data-store.js';
export { type ManagedStore, managedStore } from './managed-store.js';
export * from './object-store.js';
export * from './postgres.js';
export * from './qdrant.js';
export * from './rabbitmq.js';
export { type RabbitMqDefinitions, rabbitMqDefinitions } from './rabbitmq-definitions.js';
export { type RabbitMqChoice, type RabbitMqProps, rabbitMqChoice } from './rabbitmq-props.js';
export * from './redis.js';
