import {
  counter,
  defineService,
  histogram,
  probes,
  processSettings,
  secretSetting,
  settingText,
} from 'armature/contract';

/** The contract of an application that is not the kit's own: a service, and a worker with its queue. */
export const translations = counter({
  name: 'translations_total',
  unit: 'requests',
  help: 'Texts translated, by the status of the answer.',
  labels: ['status'],
});
export const translationTime = histogram({
  name: 'translation_seconds',
  unit: 'seconds',
  help: 'Time a translation took.',
  buckets: [0.1, 0.5, 1, 5],
});

export const translator = defineService({
  name: 'translator',
  kind: 'service',
  description: 'Translates a text.',
  port: 8100,
  placement: 'compute',
  minReplicas: 2,
  probes,
  metricsPath: '/metrics',
  settings: {
    ...processSettings,
    modelKey: secretSetting('MODEL_KEY', { schema: settingText.string, description: 'Key of the model provider.' }),
  },
  metrics: [translations, translationTime],
});
