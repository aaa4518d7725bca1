import { describe, expect, test } from '@jest/globals';
import { manifest, workload } from '../manifest.fixture.js';
import { awaited, filled } from './awaited.js';

const fill = { text: (text: string) => ({ filled: text }), digest: (text: string) => ({ digest: text }) };
const settings = manifest('ConfigMap', 'chat-settings', {
  data: { REDIS_URL: `rediss://${awaited.cacheHost}:1`, HOST: '0.0.0.0' },
});
const reader = (name: string, configMap: string) =>
  workload('Deployment', name, {
    template: {
      metadata: { labels: { app: name }, annotations: { own: 'kept' } },
      spec: { containers: [{ name, envFrom: [{ configMapRef: { name: configMap } }] }] },
    },
  });

describe('an object that waits for something', () => {
  test('gets it in the field that does, and keeps every other as it is', () => {
    const [whole] = filled([settings], fill);
    expect(whole).toEqual({
      ...settings,
      data: { REDIS_URL: { filled: `rediss://${awaited.cacheHost}:1` }, HOST: '0.0.0.0' },
    });
  });

  test('rolls the pods that read it when what comes is another, and no others', () => {
    const [, chat, other] = filled([settings, reader('chat', 'chat-settings'), reader('rag', 'rag-settings')], fill);
    expect(chat).toMatchObject({
      spec: {
        template: {
          metadata: {
            labels: { app: 'chat' },
            annotations: { own: 'kept', 'checksum/aws': { digest: JSON.stringify(settings.data) } },
          },
        },
      },
    });
    expect(other).toEqual(reader('rag', 'rag-settings'));
  });
});

test('an object that waits for nothing is the same', () => {
  const one = manifest('ConfigMap', 'plain', { data: { A: 'b' }, list: [1, true, null] });
  expect(filled([one], fill)).toEqual([one]);
});
