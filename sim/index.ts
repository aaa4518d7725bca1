/** What will become of an environment under load, before it is deployed. So far: the autoscalers' controller. */
export * from './hpa/index.js';
