/** A contract of a team of its own: what constructs must work with, for they know no platform's values. */
import * as z from 'zod';
import type { ImageRef, Resources, ScalingBehavior } from '../../constructs/index.js';
import {
  clusterSum,
  counter,
  defineService,
  gauge,
  histogram,
  optionalSetting,
  podQuantile,
  requiredSetting,
  secretSetting,
  setting,
  taskTopology,
  settingText as text,
} from '../../contract/vocabulary/index.js';

export const translations = counter({
  name: 'translations_total',
  unit: 'events',
  help: 'Texts translated.',
  labels: ['language'],
});
export const translationTime = histogram({
  name: 'translation_seconds',
  unit: 'seconds',
  help: 'Time a translation took.',
  buckets: [0.1, 1, 10],
});
export const backlog = gauge({
  name: 'mailbox_letters',
  unit: 'messages',
  help: 'Letters that wait.',
  labels: ['box'],
  source: 'rabbitmq',
});
export const translationP90 = podQuantile(translationTime, 0.9, 60);
export const letters = clusterSum('letters_waiting', backlog, { box: 'in' });

export const translator = defineService({
  name: 'translator',
  kind: 'service',
  description: 'Translates.',
  port: 7000,
  placement: 'compute',
  minReplicas: 2,
  metricsPath: '/stats',
  probes: {
    liveness: { path: '/alive', initialDelaySeconds: 7, periodSeconds: 9 },
    readiness: { path: '/steady', initialDelaySeconds: 3, periodSeconds: 4 },
  },
  settings: {
    languages: requiredSetting('LANGUAGES', { schema: text.list, description: 'Languages.' }),
    threads: setting('THREADS', { schema: text.integer(1, 8), default: '2', description: 'Threads.' }),
    polite: setting('POLITE', { schema: text.boolean, default: 'true', description: 'Say please.' }),
    tone: optionalSetting('TONE', { schema: z.enum(['warm', 'cold']), description: 'Tone.' }),
    apiKey: secretSetting('API_KEY', { schema: text.string, description: 'Key of the dictionary.' }),
  },
  metrics: [translations, translationTime],
});

export const mailbox = {
  name: 'mailbox',
  port: 7100,
  metricsPort: 7101,
  metricsPath: '/stats',
  metrics: [backlog],
} as const;

export const jobs = taskTopology({
  exchange: 'jobs',
  weights: { urgent: 3, later: 1 },
  retryDelaysSeconds: [5, 50],
  softLimitSeconds: 10,
  hardLimitSeconds: 20,
  resultTtlSeconds: 600,
  prefetch: 1,
});

export const image: ImageRef = {
  repository: 'registry.test/team/translator',
  tag: '3.1.0',
  digest: `sha256:${'ab'.repeat(32)}`,
};

export const resources: Resources = {
  cpu: { request: '250m', limit: '1' },
  memory: { request: '256Mi', limit: '1Gi' },
  ephemeralStorage: '512Mi',
};

export const behavior: ScalingBehavior = {
  scaleUp: { stabilizationSeconds: 0, percent: 100, pods: 4, periodSeconds: 15, select: 'Max' },
  scaleDown: { stabilizationSeconds: 120, percent: 10, pods: 1, periodSeconds: 60, select: 'Min' },
};

/** What every deployment of the translator needs. */
export const translatorProps = {
  spec: translator,
  version: 'v1',
  image,
  resources,
  replicas: 2,
  drainSeconds: 30,
  settings: { languages: ['de', 'sw'], apiKey: { secret: 'dictionary', key: 'api-key' } },
} as const;
