import { defineService, processSettings, rabbitmqSettings, taskTopology } from 'armature/contract';
import { translator } from './translator.js';

/** Takes its texts from a queue. */
export const proofreader = defineService({
  ...translator,
  name: 'proofreader',
  kind: 'worker',
  description: 'Reads translations a second time.',
  port: 8101,
  settings: { ...processSettings, ...rabbitmqSettings },
  metrics: [],
});
export const proofs = taskTopology({
  exchange: 'proofs',
  weights: { all: 1 },
  retryDelaysSeconds: [30],
  softLimitSeconds: 20,
  hardLimitSeconds: 30,
  resultTtlSeconds: 600,
  prefetch: 1,
});
