import { wellKnownPorts } from '../vocabulary/index.js';

/** Every port of the platform. Services differ, so that the whole platform runs on one machine too. */
export const ports = {
  gateway: 8080,
  chat: 8081,
  rag: 8082,
  agent: 8083,
  memory: 8084,
  orchestrator: 8085,
  worker: 8086,
  canary: 8087,
  redis: 6379,
  redisMetrics: 9121,
  postgres: 5432,
  postgresMetrics: 9187,
  rabbitmq: 5672,
  rabbitmqManagement: 15672,
  rabbitmqMetrics: 15692,
  rabbitmqPeerDiscovery: 4369,
  rabbitmqDistribution: 25672,
  qdrant: 6333,
  qdrantGrpc: 6334,
  objectStore: 9000,
  prometheus: 9090,
  metricsAdapter: 6443,
  alertmanager: 9093,
  https: wellKnownPorts.https,
} as const;
